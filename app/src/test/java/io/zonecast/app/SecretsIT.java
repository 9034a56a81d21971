package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.trust.KafkaRight;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plants secrets in every place that takes one, has the commands succeed and fail, and looks for
 * them in all that is written.
 */
class SecretsIT {
  private static final String TOPIC = "secret-zones";
  private static final String GROUP = "secret-sink";

  /** In every secret, and in nothing else. */
  private static final String MARK = "hUsH";

  private static final String SCRAM = MARK + "-scram";
  private static final String REGISTRY = MARK + "-registry";
  private static final String REGISTRY_USER_INFO = "rates:" + REGISTRY;
  private static final String TRUST_STORE = MARK + "-trust";
  private static final String KEY_STORE = MARK + "-keys";

  @TempDir private static Path directory;

  private static SecuredKafka kafka;
  private static TlsRegistry registry;
  private static MemcachedNode node;
  private static Path table;

  @BeforeAll
  static void plantTheSecrets() throws Exception {
    kafka = new SecuredKafka();
    SecuredBroker broker = kafka.broker();
    broker.authority().writeTrustStore(directory.resolve("authority.p12"), TRUST_STORE);
    broker
        .authority()
        .identity(SecuredBroker.CLIENT)
        .writeKeyStore(directory.resolve("rates.p12"), KEY_STORE);
    registry =
        TlsRegistry.start(
            broker.authority().identity(SecuredBroker.SERVER), REGISTRY_USER_INFO, directory);
    Files.writeString(
        directory.resolve("secrets.properties"),
        "scram=%s%ntrust=%s%nkeys=%s%nregistry=%s%nwrong=%s%n"
            .formatted(SCRAM, TRUST_STORE, KEY_STORE, REGISTRY, MARK + "-wrong"));
    kafka.addUser("secretive", SCRAM);
    kafka.allowOnly(
        "User:secretive",
        Stream.of("publish", "sink", "verify", "lag")
            .flatMap(command -> KafkaRight.of(command, TOPIC, GROUP).stream())
            .toList());
    node = Servers.shared().memcached();
    table =
        Files.writeString(
            directory.resolve("usps.csv"), "carrier,origin,destination,zone\nusps,005,006,A\n");
  }

  @AfterAll
  static void closeTheServers() {
    node.close();
    registry.close();
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"in the settings", "in the URL"})
  void noCommandThatSucceedsShowsASecret(String credentials) throws Exception {
    Path file =
        write(
            credentials.endsWith("URL")
                ? with(
                    "schema-registry-url",
                    "https://rates:" + secret("registry") + "@" + registry.address())
                : settings());
    List<List<String>> commands =
        List.of(
            List.of("publish", table.toString(), "--json"),
            List.of("plan", table.toString()),
            List.of("rebuild"),
            List.of("verify", "--json"),
            List.of("lag", "--json"),
            List.of("get", "usps", "005", "006"),
            List.of("schemas", "check"),
            List.of("schemas", "register", "--json"),
            List.of("schemas", "list"));

    for (List<String> command : commands) {
      RunHere ran = run(file, command, "--verbose");

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertShowsNoSecret(ran);
    }
  }

  @Test
  void helpShowsNoSecretOfTheSettings() throws Exception {
    Path file = write(settings());

    for (String command : List.of("publish", "sink", "lag", "schemas")) {
      assertShowsNoSecret(run(file, List.of(command), "--help"));
    }
  }

  static Stream<Map<String, String>> brokenSettings() throws IOException {
    return Stream.of(
        with("kafka.sasl.jaas.config", jaas("\"" + secret("wrong") + "\"")),
        with("kafka.sasl.jaas.config", jaas(secret("scram") + " " + MARK)),
        with("kafka.sasl.jaas.config", secret("scram")),
        with("kafka.sasl.mechanism", "PLAIN"),
        with("kafka.ssl.truststore.password", secret("wrong")),
        with("kafka.ssl.keystore.password", secret("wrong")),
        with("kafka.ssl.key.password", secret("wrong")),
        with("kafka.basic.auth.user.info", "rates:" + secret("wrong")),
        with("kafka.basic.auth.credentials.source", "SASL_INHERIT"),
        with("schema-registry-url", "https://rates:" + secret("registry") + "@127.0.0.1:1"),
        with("schema-registry-url", "https://rates:" + secret("registry") + "@no url"),
        with(
            "schema-registry-url", "http://rates:" + secret("registry") + "@" + registry.address()),
        with("kafka.retries", "none"));
  }

  @ParameterizedTest
  @MethodSource("brokenSettings")
  void noCommandThatFailsShowsASecret(Map<String, String> settings) throws Exception {
    Path file = write(settings);

    List<RunHere> runs = new ArrayList<>();
    // One that asks brokers and registry, as usual; verbose, all that each goes through is shown.
    runs.add(run(file, List.of("publish", table.toString())));
    runs.add(run(file, List.of("publish", table.toString()), "--verbose"));
    runs.add(run(file, List.of("lag"), "--verbose"));
    runs.add(run(file, List.of("schemas", "list"), "--verbose"));

    assertThat(runs).anyMatch(ran -> ran.exitCode() != 0);
    runs.forEach(SecretsIT::assertShowsNoSecret);
  }

  @Test
  void aReferenceThatLeadsToNothingIsNamed() throws Exception {
    Path file =
        write(
            with(
                "kafka.sasl.jaas.config",
                jaas("\"${file:" + directory + "/secrets.properties:forgotten}\"")));

    RunHere ran = run(file, List.of("lag"), "--json");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err())
        .contains(file.toString())
        .contains("kafka.sasl.jaas.config")
        .contains("secrets.properties:forgotten}");
  }

  @Test
  void aFileOfSecretsThatIsNotThereIsNamed() throws Exception {
    Path file = write(with("kafka.ssl.keystore.password", "${file:/nowhere/secrets:keys}"));

    RunHere ran = run(file, List.of("lag"), "--json");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).contains("/nowhere/secrets").contains("kafka.config.providers");
  }

  @Test
  void aSecretOnTheCommandLineIsRefusedAndNotRepeated() throws Exception {
    String url = "https://rates:" + REGISTRY + "@" + registry.address();
    Path file = write(settings());

    RunHere inUrl = run(file, List.of("lag"), "--schema-registry-url=" + url);
    RunHere ofDemo = run(file, List.of("demo"), "--registry", url);
    RunHere asOption = run(file, List.of("lag"), "--kafka.ssl.key.password=" + MARK);
    RunHere apart = run(file, List.of("lag"), "--kafka.ssl.key.password", MARK);

    for (RunHere ran : List.of(inUrl, ofDemo, asOption, apart)) {
      assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err()).contains("--config");
      assertShowsNoSecret(ran);
    }
  }

  @Test
  void secretsFromTheEnvironmentReachNeitherLogNorProcessList() throws Exception {
    Map<String, String> inEnvironment = new HashMap<>(settings());
    inEnvironment.put("kafka.sasl.jaas.config", jaas("\"${env:KAFKA_PASSWORD}\""));
    inEnvironment.put("kafka.basic.auth.user.info", "${env:REGISTRY_USER_INFO}");
    Map<String, String> environment = new HashMap<>(environment(write(inEnvironment)));
    environment.put("KAFKA_PASSWORD", SCRAM);
    environment.put("REGISTRY_USER_INFO", REGISTRY_USER_INFO);
    environment.put("ZONECAST_HTTP", "127.0.0.1:0");

    try (RunningCommand sink = RunningCommand.start(environment, "sink", "--verbose");
        RunningCommand list = RunningCommand.start(environment, "schemas", "list")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(sink.err()).contains("state=IN_STEP"));
      Ran listed = list.awaitEnd();

      assertThat(listed.exitCode()).as(listed.err()).isZero();
      assertThat(processList()).contains("io.zonecast.app.Main").doesNotContain(MARK);
      assertThat(sink.out() + sink.err() + listed.out() + listed.err())
          .contains("org.apache.kafka")
          .doesNotContain(MARK)
          .doesNotContain(base64(REGISTRY_USER_INFO));
      String http = HttpIT.address(sink);
      for (String path : List.of("/", "/status", "/metrics", "/livez", "/readyz")) {
        assertThat(HttpIT.get(http, path).body())
            .as(path)
            .isNotEmpty()
            .doesNotContain(MARK)
            .doesNotContain(base64(REGISTRY_USER_INFO));
      }
    }
  }

  /** What any user of this machine sees of the sinks. */
  private static String processList() {
    StringBuilder list = new StringBuilder();
    ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains("io.zonecast.app.Main"))
        .forEach(line -> list.append(line).append('\n'));
    return list.toString();
  }

  private static void assertShowsNoSecret(RunHere ran) {
    assertThat(ran.all()).doesNotContain(MARK).doesNotContain(base64(REGISTRY_USER_INFO));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static RunHere run(Path file, List<String> command, String... more)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of(more));
    return RunHere.toTheEnd(environment(file), arguments.toArray(String[]::new));
  }

  private static Map<String, String> environment(Path file) {
    return Map.of(
        "ZONECAST_CONFIG",
        file.toString(),
        "ZONECAST_TOPIC",
        TOPIC,
        "ZONECAST_GROUP",
        GROUP,
        "ZONECAST_MEMCACHED",
        node.address());
  }

  private static String secret(String name) {
    return "${file:" + directory + "/secrets.properties:" + name + "}";
  }

  private static String jaas(String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required"
        + " username=\"secretive\" password="
        + password
        + ";";
  }

  private static Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("bootstrap-servers", kafka.broker().scram()),
        Map.entry("kafka.security.protocol", "SASL_SSL"),
        Map.entry("kafka.sasl.mechanism", "SCRAM-SHA-512"),
        Map.entry("kafka.sasl.jaas.config", jaas("\"" + secret("scram") + "\"")),
        Map.entry("kafka.ssl.truststore.location", directory.resolve("authority.p12").toString()),
        Map.entry("kafka.ssl.truststore.password", secret("trust")),
        Map.entry("kafka.ssl.keystore.location", directory.resolve("rates.p12").toString()),
        Map.entry("kafka.ssl.keystore.password", secret("keys")),
        Map.entry("schema-registry-url", "https://" + registry.address()),
        Map.entry("kafka.basic.auth.credentials.source", "USER_INFO"),
        Map.entry("kafka.basic.auth.user.info", "rates:" + secret("registry")),
        Map.entry("kafka.max.retries", "0"),
        Map.entry(
            "kafka.schema.registry.ssl.truststore.location",
            directory.resolve("authority.p12").toString()),
        Map.entry("kafka.schema.registry.ssl.truststore.password", secret("trust")));
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> settings = new HashMap<>(settings());
    settings.put(name, value);
    if (value.contains("@")) {
      settings.put("kafka.basic.auth.credentials.source", "URL");
      settings.remove("kafka.basic.auth.user.info");
    }
    return settings;
  }

  private static Path write(Map<String, String> settings) throws IOException {
    return Files.write(
        directory.resolve("zonecast.properties"),
        settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
  }
}
