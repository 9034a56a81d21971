package io.zonecast.schemas.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * Kafka's own {@code ssl.} settings under the prefix {@value #PREFIX}: key stores and trust stores
 * in any form that Kafka reads, PEM included.
 */
final class RegistryTls {
  private static final String NAMESPACE = "schema.registry.";
  private static final String PREFIX = NAMESPACE + "ssl.";

  private RegistryTls() {}

  /** Returns the context, if any is configured; adds to {@code problems} what is wrong. */
  static Optional<SSLContext> context(Map<String, ?> configs, List<String> problems) {
    Map<String, Object> given = new HashMap<>();
    configs.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            given.put(name.substring(NAMESPACE.length()), value);
          }
        });
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Object identification =
        given.getOrDefault(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https");
    if (!String.valueOf(identification).equalsIgnoreCase("https")) {
      problems.add(
          NAMESPACE
              + SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG
              + " must be https: the registry's certificate is always held against its host name");
    }
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(definition.parse(given));
      return Optional.of(factory.sslContext());
    } catch (KafkaException e) {
      problems.add(
          "the settings %s* give no TLS context: %s%s"
              .formatted(
                  PREFIX,
                  e.getMessage(),
                  e.getCause() == null ? "" : ": " + e.getCause().getMessage()));
      return Optional.empty();
    }
  }
}
