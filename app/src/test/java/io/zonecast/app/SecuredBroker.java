package io.zonecast.app;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.Servers;
import java.util.List;

/**
 * A broker with a listener for each way of protecting a connection, and with access control: what
 * is not allowed is forbidden, but to whoever comes by the plain-text listener, who may do
 * everything and so makes users and gives rights.
 *
 * <p>Its authority has three identities for clients, {@link #CLIENT}, {@link #OTHER_CLIENT} and
 * {@link #EXPIRED_CLIENT}; {@link #strangers} has one more.
 */
final class SecuredBroker {
  static final String CLIENT = "rates";
  static final String OTHER_CLIENT = "cache";
  static final String EXPIRED_CLIENT = "expired-client";

  /** For servers beside the broker too. */
  static final String SERVER = "broker";

  private static final String EXPIRED_SERVER = "expired-broker";

  private static final String MUTUAL_TLS = "MTLS";
  private static final String SCRAM = "SCRAM";
  private static final String EXPIRED = "EXPIRED";

  private final CertificateAuthority authority;
  private final CertificateAuthority strangers;
  private final KafkaBroker broker;

  private SecuredBroker(
      CertificateAuthority authority, CertificateAuthority strangers, KafkaBroker broker) {
    this.authority = authority;
    this.strangers = strangers;
    this.broker = broker;
  }

  private static final class Shared {
    static final SecuredBroker INSTANCE = start();
  }

  /** The one of this JVM, which ends with it; its first caller waits until it has started. */
  static SecuredBroker shared() {
    return Shared.INSTANCE;
  }

  private static SecuredBroker start() {
    CertificateAuthority authority =
        CertificateAuthority.make(
            List.of(SERVER, CLIENT, OTHER_CLIENT), List.of(EXPIRED_SERVER, EXPIRED_CLIENT));
    CertificateAuthority strangers = CertificateAuthority.make(List.of(CLIENT), List.of());
    return new SecuredBroker(authority, strangers, Servers.shared().broker(settings(authority)));
  }

  private static BrokerSettings settings(CertificateAuthority authority) {
    BrokerSettings settings =
        BrokerSettings.DEFAULT
            .withListener(MUTUAL_TLS, "SSL")
            .withListener(SCRAM, "SASL_SSL")
            .withListener(EXPIRED, "SSL")
            .with("listener.name.mtls.ssl.client.auth", "required")
            .with("sasl.enabled.mechanisms", "SCRAM-SHA-512")
            .with(
                "listener.name.scram.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;")
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:ANONYMOUS")
            .with("ssl.truststore.type", "PEM")
            .with("ssl.truststore.certificates", authority.pem());
    return withKeys(
        withKeys(settings, "", authority.identity(SERVER)),
        "listener.name.expired.",
        authority.identity(EXPIRED_SERVER));
  }

  /** In the broker's own configuration: no file of keys is left to look after. */
  private static BrokerSettings withKeys(BrokerSettings settings, String prefix, Identity server) {
    return settings
        .with(prefix + "ssl.keystore.type", "PEM")
        .with(prefix + "ssl.keystore.key", server.pemKey())
        .with(prefix + "ssl.keystore.certificate.chain", server.pemChain());
  }

  /** Plain text, and every right. */
  String administration() {
    return broker.bootstrapServers();
  }

  /** TLS with a certificate asked of the client: {@code security.protocol=SSL}. */
  String mutualTls() {
    return broker.bootstrapServers(MUTUAL_TLS);
  }

  /** TLS and SCRAM-SHA-512: {@code security.protocol=SASL_SSL}. */
  String scram() {
    return broker.bootstrapServers(SCRAM);
  }

  /** TLS with a certificate of the broker's that ended yesterday. */
  String expired() {
    return broker.bootstrapServers(EXPIRED);
  }

  /** Vouches for the broker, and for the clients that it lets in. */
  CertificateAuthority authority() {
    return authority;
  }

  /** Vouches for nobody that the broker knows, though under the same names. */
  CertificateAuthority strangers() {
    return strangers;
  }
}
