package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {
  @TempDir Path directory;

  @Test
  void aRegistryIsTrustedOnlyByItsCertificateAndForItsHost() throws Exception {
    Path keys = directory.resolve("registry.p12");
    Path certificate = directory.resolve("registry.pem");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "registry",
        "-dname",
        "CN=registry",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        keys.toString(),
        "-storepass",
        "changeit");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "registry",
        "-keystore",
        keys.toString(),
        "-storepass",
        "changeit",
        "-file",
        certificate.toString());
    try (DefaultSslEngineFactory server = new DefaultSslEngineFactory()) {
      server.configure(
          parsed(
              Map.of(
                  "ssl.keystore.location", keys.toString(),
                  "ssl.keystore.password", "changeit",
                  "ssl.keystore.type", "PKCS12")));
      try (StandInRegistry registry = StandInRegistry.start(server.sslContext())) {
        Map<String, String> trusting =
            Map.of(
                "schema.registry.url", registry.url(),
                "schema.registry.ssl.truststore.type", "PEM",
                "schema.registry.ssl.truststore.location", certificate.toString());

        assertThat(subjects(trusting)).isEmpty();
        assertThatThrownBy(() -> subjects(Map.of("schema.registry.url", registry.url())))
            .isInstanceOf(RegistryUnavailableException.class)
            .hasMessageContaining(registry.url() + " fails: ")
            .hasMessageContaining("certification path");
      }
    }
  }

  private static List<String> subjects(Map<String, String> configs) {
    return RegistrySettings.from(configs).orElseThrow().client().subjects();
  }

  private static Map<String, Object> parsed(Map<String, String> ssl) {
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    return definition.parse(ssl);
  }

  private static void keytool(String... arguments) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        Stream.concat(Stream.of(keytool.toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
