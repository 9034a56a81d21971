package io.zonecast.app.trust;

import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.schemas.registry.SecretReferences;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** The certificate that we show to brokers. */
final class OwnCertificate {
  private OwnCertificate() {}

  /** The certificate of {@code kafka.ssl.keystore.…}; empty if there is none to be read. */
  static Optional<X509Certificate> of(KafkaSettings settings) {
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(definition.parse(SecretReferences.resolve(settings.admin())));
      KeyStore store = factory.keystore();
      if (store == null) {
        return Optional.empty();
      }
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          return Optional.of(certificate);
        }
      }
      return Optional.empty();
    } catch (GeneralSecurityException | KafkaException e) {
      // It was wanted for a message about something else.
      return Optional.empty();
    }
  }
}
