package io.zonecast.app.trust;

import io.zonecast.app.terminal.OneLine;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Says why broker and client did not accept each other, by what the JDK's TLS and Kafka's logins
 * tell: who did not accept whom, and which setting or certificate has to change.
 */
final class ConnectionRefusal {
  private static final String ALERT = "Received fatal alert: ";

  private final KafkaAccess access;

  ConnectionRefusal(KafkaAccess access) {
    this.access = access;
  }

  String line(AuthenticationException refused) {
    String said = OneLine.of(refused);
    String what;
    if (refused instanceof SslAuthenticationException) {
      what = tls(refused, said);
    } else if (refused instanceof SaslAuthenticationException) {
      what =
          "the login of %s was refused (%s); check the user name and password of"
                  .formatted(KafkaUser.of(access.kafka()), said)
              + " kafka.sasl.jaas.config and kafka.sasl.mechanism "
              + access.inFile();
    } else if (refused instanceof UnsupportedSaslMechanismException
        || refused instanceof IllegalSaslStateException) {
      what =
          ("the listener does not take logins by %s (%s); set kafka.sasl.mechanism to one it has,"
                  + " or kafka.security.protocol to SSL if it wants none, %s")
              .formatted(access.setting("sasl.mechanism"), said, access.inFile());
    } else {
      what =
          "the connection was refused (%s); check the security settings %s"
              .formatted(said, access.inFile());
    }
    return "Kafka at " + access.bootstrapServers() + ": " + what;
  }

  private String tls(Throwable refused, String said) {
    String deepest = said;
    for (Throwable at = refused.getCause(); at != null; at = at.getCause()) {
      deepest = OneLine.of(at);
      if (at instanceof CertificateExpiredException) {
        return "the broker's certificate has expired (%s); have it renewed on the broker"
            .formatted(deepest);
      }
      if (at instanceof CertificateNotYetValidException) {
        return "the broker's certificate is not valid yet (%s); check the clocks of both"
            .formatted(deepest);
      }
      // The second: another authority of the same name.
      if (at instanceof CertPathBuilderException || at instanceof SignatureException) {
        return foreignBroker();
      }
      if (deepest.startsWith("No subject alternative") || deepest.startsWith("No name matching")) {
        return "the broker's certificate is not for this host (%s); write --bootstrap-servers as it names the broker, or have the name added to it"
            .formatted(deepest);
      }
      int alert = deepest.indexOf(ALERT);
      if (alert >= 0) {
        return alert(deepest.substring(alert + ALERT.length()));
      }
    }
    return "the TLS handshake failed (%s); check kafka.ssl.truststore.… and kafka.ssl.keystore.… %s"
        .formatted(deepest, access.inFile());
  }

  private String foreignBroker() {
    String store = access.setting("ssl.truststore.location");
    String where =
        !store.isEmpty()
            ? "into kafka.ssl.truststore.location " + store
            : access.setting("ssl.truststore.certificates").isEmpty()
                ? "into a store and set kafka.ssl.truststore.location " + access.inFile()
                : "into kafka.ssl.truststore.certificates " + access.inFile();
    return "the broker's certificate is of an authority that is not trusted here; put the"
        + " authority's certificate "
        + where;
  }

  /** What the broker says of us. */
  private String alert(String alert) {
    Optional<X509Certificate> ours = OwnCertificate.of(access.kafka());
    if (ours.isEmpty()) {
      return "the broker wants a certificate of its clients (%s); set kafka.ssl.keystore.location %s"
          .formatted(alert, access.inFile());
    }
    String ourName = ours.get().getSubjectX500Principal().getName();
    String store = access.setting("ssl.keystore.location");
    String where =
        store.isEmpty()
            ? "kafka.ssl.keystore.certificate.chain"
            : "kafka.ssl.keystore.location " + store;
    if (ours.get().getNotAfter().toInstant().isBefore(Instant.now())) {
      return "our certificate %s has expired (NotAfter: %s); put a new one into %s"
          .formatted(ourName, ours.get().getNotAfter(), where);
    }
    if (alert.startsWith("handshake_failure") || alert.startsWith("protocol_version")) {
      return "no TLS version or cipher in common (%s); check kafka.ssl.enabled.protocols and kafka.ssl.cipher.suites %s"
          .formatted(alert, access.inFile());
    }
    return "the broker does not accept our certificate %s (%s); put one of an authority that it trusts into %s"
        .formatted(ourName, alert, where);
  }
}
