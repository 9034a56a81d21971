package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.trust.KafkaRight;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands over connections that can be trusted, to a broker that lets nobody do more than is
 * allowed; and what they say where trust or a right is missing.
 */
class TrustIT {
  private static final Pattern PROGRESS = Pattern.compile("[a-z]+: [\\d,]+ of [\\d,]+ .*");

  private static final String TOPIC = "trusted-zones";
  private static final String PASSWORD = "correct horse";
  private static final String USER = "User:" + SecuredBroker.CLIENT;
  private static final String CERTIFIED = "User:CN=" + SecuredBroker.CLIENT;
  private static final AtomicInteger EDITIONS = new AtomicInteger();
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private static final List<String> COMMANDS =
      List.of("publish", "plan", "rebuild", "verify", "lag", "sink");

  @TempDir private static Path directory;

  private static SecuredKafka kafka;
  private static SecurityGuide guide;

  private final Map<String, String> environment = new HashMap<>();
  private MemcachedNode node;

  @BeforeAll
  static void makeUsersAndATopic() throws Exception {
    kafka = new SecuredKafka();
    guide = SecurityGuide.read();
    kafka.handOut(directory, PASSWORD);
    kafka
        .broker()
        .strangers()
        .writeTrustStore(directory.resolve("strangers.p12"), SecuredKafka.TRUST_STORE_PASSWORD);
    kafka.addUser(SecuredBroker.CLIENT, PASSWORD);
    ZoneTopic.ensureDeadLetters(kafka.admin(), TOPIC);
    kafka.send(ZoneTopic.deadLettersOf(TOPIC), TOPIC + "-0-0", "of no interest");
    assertThat(
            Ran.zonecast(
                    Map.of(),
                    "publish",
                    newTable().toString(),
                    "--topic",
                    TOPIC,
                    "--bootstrap-servers",
                    kafka.broker().administration())
                .exitCode())
        .isZero();
  }

  @AfterAll
  static void closeTheAdmin() {
    kafka.close();
  }

  @BeforeEach
  void startANode() {
    node = Servers.shared().memcached();
    environment.put("ZONECAST_MEMCACHED", node.address());
    environment.put("ZONECAST_TOPIC", TOPIC);
  }

  @AfterEach
  void closeTheNode() {
    node.close();
  }

  /** Those for SCRAM are what {@link #theRightsOfACommandAreEnoughForIt} uses. */
  @Test
  void everyCommandWorksWithTheDocumentedSettingsForCertificates() throws Exception {
    useGroup("sink-by-certificate");
    kafka.allowOnly(CERTIFIED, rightsOf(COMMANDS));
    configure(guide.write("mtls.properties", directory, kafka.broker().mutualTls()));

    for (String command : COMMANDS) {
      assertWorks(command);
    }

    assertThat(run("get", "usps", "005", "010").out()).isEqualTo("2\n");
  }

  @Test
  void keysAsPemWorkToo() throws Exception {
    kafka.allowOnly(CERTIFIED, rightsOf(List.of("plan")));
    configure(guide.write("pem.properties", directory, kafka.broker().mutualTls()));

    assertWorks("plan");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"publish", "plan", "history", "export", "sink", "rebuild", "verify", "lag"})
  void theRightsOfACommandAreEnoughForIt(String command) throws Exception {
    useGroup("only-" + command);
    kafka.commitTheBeginning("only-" + command, TOPIC);
    useScram();

    kafka.allowOnly(USER, rightsOf(List.of(command)));

    assertWorks(command);
  }

  @Test
  void theRightsOfUndoAndDeleteAreEnoughForThem() throws Exception {
    String own = "undone-zones";
    environment.put("ZONECAST_TOPIC", own);
    useScram();
    kafka.allowOnly(USER, KafkaRight.of("publish", own, ""));
    Ran published = run("publish", newTable().toString(), "--json");
    assertThat(published.exitCode()).as(published.err()).isZero();
    String id = published.json().get("publishId").asText();

    kafka.allowOnly(USER, KafkaRight.of("undo", own, ""));
    Ran undone = run("undo", id, "--yes", "--json");
    assertThat(undone.exitCode()).as(undone.err()).isZero();
    Ran again = run("undo", undone.json().get("publishId").asText(), "--yes");
    assertThat(again.exitCode()).as(again.err()).isZero();

    kafka.allowOnly(USER, KafkaRight.of("delete", own, ""));
    Ran deleted = run("delete", "usps", "--yes");
    assertThat(deleted.exitCode()).as(deleted.err()).isZero();
  }

  @Test
  void aPublishWithoutTheLogNeedsNoRightOnIt() throws Exception {
    useScram();
    kafka.allowOnly(
        USER,
        KafkaRight.of("publish", TOPIC, "").stream()
            .filter(right -> !right.name().equals(ZoneTopic.publishesOf(TOPIC)))
            .toList());

    Ran refused = run("publish", newTable().toString());
    Ran unlogged = run("publish", newTable().toString(), "--without-log");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .contains("--without-log", "kafka-acls.sh", "--topic " + ZoneTopic.publishesOf(TOPIC));
    assertThat(unlogged.exitCode()).as(unlogged.err()).isZero();
  }

  @Test
  void theRightsOfUpdatesAreEnoughForWhoAsksAndForWhoTakesThem() throws Exception {
    Path file = guide.write("scram.properties", directory, kafka.broker().scram());
    Files.writeString(
        file,
        "\nkafka.streams.state.dir=" + directory.resolve("state") + "\n",
        StandardOpenOption.APPEND);
    configure(file);
    kafka.allowOnly(USER, KafkaRight.of("update", TOPIC, ""));

    RunHere update = RunHere.toTheEnd(environment, "update", "usps", "005", "006", "7");

    assertThat(update.exitCode()).as(update.err()).isZero();
    kafka.allowOnly(USER, KafkaRight.of("stream", TOPIC, ""));
    try (RunHere stream = RunHere.start(environment, "stream", "--http", "none")) {
      awaitLog(stream, "state=RUNNING");
    }
  }

  /** A command, the right that it is denied, and how: without one operation of those it needs. */
  record Denial(String command, KafkaRight right, AclOperation operation) {
    @Override
    public String toString() {
      return command + " without " + operation + " on " + right.type() + " " + right.name();
    }
  }

  static Stream<Denial> denials() {
    return COMMANDS.stream()
        .flatMap(
            command ->
                KafkaRight.of(command, TOPIC, "denied").stream()
                    // A sink needs these only where a record is bad, and does not end for it.
                    .filter(right -> command.equals("verify") || !isForDeadLetters(right))
                    .flatMap(
                        right ->
                            right.operations().stream()
                                .filter(operation -> operation != AclOperation.CREATE)
                                .map(operation -> new Denial(command, right, operation))));
  }

  private static boolean isForDeadLetters(KafkaRight right) {
    return right.name().equals(ZoneTopic.deadLettersOf(TOPIC));
  }

  @ParameterizedTest
  @MethodSource("denials")
  void aMissingRightIsNamedInOneLine(Denial denial) throws Exception {
    useGroup("denied");
    kafka.commitTheBeginning("denied", TOPIC);
    useScram();
    kafka.allowOnly(USER, without(denial));

    RunHere ran = runToItsEnd(denial.command());

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.FAILED);
    assertThat(complaints(ran)).hasSize(1);
    assertThat(ran.err())
        .contains(USER)
        .contains("kafka-acls.sh")
        .contains("--operation " + KafkaRight.nameOf(denial.operation()))
        .contains(" " + denial.right().name() + "\n");
    assertThat(ran.took()).isLessThan(AT_ONCE);
  }

  @Test
  void aTopicThatMayNotBeMadeComesWithTheCommandThatMakesIt() throws Exception {
    String unmade = "never-made";
    environment.put("ZONECAST_TOPIC", unmade);
    useScram();
    kafka.allowOnly(
        USER,
        List.of(
            new KafkaRight(
                ResourceType.TOPIC,
                unmade,
                List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS))));

    RunHere ran = runToItsEnd("publish");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err().lines()).hasSize(2).first(STRING).contains("new topic " + unmade);
    assertThat(ran.err())
        .contains(
            "topic "
                + unmade
                + " does not exist, and this user has no right to make it; ask an"
                + " administrator to run: kafka-topics.sh --bootstrap-server ")
        .contains(
            " --create --topic "
                + unmade
                + " --partitions 6 --config cleanup.policy=compact"
                + " --config message.timestamp.type=LogAppendTime --config"
                + " delete.retention.ms=604800000 --config max.compaction.lag.ms=3600000"
                + " --config min.cleanable.dirty.ratio=0.1");
  }

  @Test
  void aSinkWithoutTheRightsForDeadLettersHoldsThePartitionAndSaysWhichItNeeds() throws Exception {
    String poisoned = "poisoned-zones";
    environment.put("ZONECAST_TOPIC", poisoned);
    useGroup("poisoned");
    useScram();
    List<KafkaRight> rights = KafkaRight.of("sink", poisoned, "poisoned");
    kafka.allowOnly(
        USER, rights.stream().filter(right -> !right.name().endsWith(".dead-letters")).toList());

    try (RunHere sink = RunHere.start(environment, "sink")) {
      awaitLog(sink, "state=IN_STEP");
      kafka.send(poisoned, "usps:005:006", "no zone row");
      awaitLog(sink, "waits: topic " + poisoned + ".dead-letters takes no dead letters");
      assertThat(sink.err())
          .contains("not allowed to look at it")
          .contains("Describe and DescribeConfigs on it");

      kafka.allowOnly(USER, rights);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(kafka.endOf(poisoned + ".dead-letters")).isEqualTo(1));
      assertThat(sink.isRunning()).isTrue();
    }
  }

  /** Settings that the broker refuses, or that refuse the broker, and what has to be said. */
  record Misfit(String name, int exitCode, Map<String, String> settings, List<String> said) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Misfit> misfits() {
    SecuredBroker broker = SecuredBroker.shared();
    return Stream.of(
        new Misfit(
            "a wrong password",
            ExitCode.FAILED,
            scram(broker.scram(), "wrong horse"),
            List.of("the login of User:rates was refused", "kafka.sasl.jaas.config", "FILE")),
        new Misfit(
            "a user that is not there",
            ExitCode.FAILED,
            with(scram(broker.scram(), PASSWORD), "kafka.sasl.jaas.config", jaas("nobody", "x")),
            List.of("the login of User:nobody was refused", "kafka.sasl.jaas.config", "FILE")),
        new Misfit(
            "a login where none is taken",
            ExitCode.FAILED,
            with(
                scram(broker.mutualTls(), PASSWORD),
                keyStore(broker.authority().identity(SecuredBroker.CLIENT))),
            List.of("SCRAM-SHA-512", "kafka.security.protocol to SSL", "FILE")),
        new Misfit(
            "an expired certificate of the broker's",
            ExitCode.FAILED,
            tls(broker.expired(), null),
            List.of("the broker's certificate has expired", "NotAfter", "renewed on the broker")),
        new Misfit(
            "a broker of another authority with the same name",
            ExitCode.FAILED,
            with(
                tls(broker.mutualTls(), null),
                "kafka.ssl.truststore.location",
                directory.resolve("strangers.p12").toString()),
            List.of("authority that is not trusted here", "strangers.p12")),
        new Misfit(
            "a broker that no public authority vouches for",
            ExitCode.FAILED,
            Map.of("bootstrap-servers", broker.expired(), "kafka.security.protocol", "SSL"),
            List.of("authority that is not trusted here", "kafka.ssl.truststore.location", "FILE")),
        new Misfit(
            "an expired certificate of ours",
            ExitCode.FAILED,
            tls(broker.mutualTls(), broker.authority().identity(SecuredBroker.EXPIRED_CLIENT)),
            List.of(
                "our certificate CN=expired-client has expired", "kafka.ssl.keystore.location")),
        new Misfit(
            "a certificate of ours by a stranger",
            ExitCode.FAILED,
            tls(broker.mutualTls(), broker.strangers().identity(SecuredBroker.CLIENT)),
            List.of(
                "does not accept our certificate CN=rates",
                "authority that it trusts",
                "kafka.ssl.keystore.location")),
        new Misfit(
            "no certificate where one is wanted",
            ExitCode.FAILED,
            tls(broker.mutualTls(), null),
            List.of("wants a certificate", "set kafka.ssl.keystore.location", "FILE")),
        new Misfit(
            "a wrong password of a store",
            ExitCode.FAILED,
            with(tls(broker.mutualTls(), null), "kafka.ssl.truststore.password", "wrong horse"),
            List.of(
                "kafka.ssl.truststore.location", "authority.p12", "kafka.ssl.truststore.password")),
        new Misfit(
            "a store that is not there",
            ExitCode.USAGE,
            with(tls(broker.mutualTls(), null), "kafka.ssl.keystore.location", "/nowhere/k.p12"),
            List.of("FILE", "kafka.ssl.keystore.location", "/nowhere/k.p12")),
        new Misfit(
            "a login that cannot be read",
            ExitCode.USAGE,
            with(
                scram(broker.scram(), PASSWORD),
                "kafka.sasl.jaas.config",
                "ScramLoginModule required username=rates password=wrong horse;"),
            List.of("FILE", "kafka.sasl.jaas.config", "password=\"…\"")),
        new Misfit(
            "plain text where TLS is spoken",
            ExitCode.USAGE,
            Map.of("bootstrap-servers", broker.mutualTls()),
            List.of("speaks TLS", "kafka.security.protocol", "SSL or SASL_SSL", "FILE")),
        new Misfit(
            "TLS where plain text is spoken",
            ExitCode.USAGE,
            tls(broker.administration(), null),
            List.of("speaks plain text", "kafka.security.protocol", "PLAINTEXT", "FILE")));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void whatDoesNotFitIsSaidInOneLineAtOnce(Misfit misfit) throws Exception {
    Path file = write(misfit.settings());
    configure(file);

    for (String command : List.of("publish", "sink", "lag")) {
      RunHere ran = runToItsEnd(command);

      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(misfit.exitCode());
      assertThat(complaints(ran)).hasSize(1);
      assertThat(ran.err())
          .contains(
              misfit.said().stream().map(said -> said.replace("FILE", file.toString())).toList())
          .doesNotContain("horse");
      assertThat(ran.took()).isLessThan(AT_ONCE);
    }
  }

  @Test
  void aBrokerUnderAnotherNameThanItsCertificatesIsSaidInOneLine() throws Exception {
    String listener = kafka.broker().mutualTls();
    String port = listener.substring(listener.lastIndexOf(':'));
    configure(write(with(tls(listener, null), "bootstrap-servers", "elsewhere.example" + port)));
    // Names are looked up once a process: it takes one of its own to give another answer.
    Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 elsewhere.example\n");
    Map<String, String> withHosts = new HashMap<>(environment);
    withHosts.put("ZONECAST_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts);

    try (RunningCommand lag = RunningCommand.start(withHosts, "lag")) {
      Ran ran = lag.awaitEnd();

      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.FAILED);
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err())
          .contains("Kafka at elsewhere.example" + port)
          .contains("the broker's certificate is not for this host")
          .contains("--bootstrap-servers");
    }
  }

  private void assertWorks(String command) throws Exception {
    if (command.equals("sink")) {
      assertSinkWorks();
      return;
    }
    RunHere ran = runToItsEnd(command);
    // Another answer than "no" would need a sink beside it.
    boolean compares = command.equals("verify") && !ran.out().contains("is equal");
    assertThat(ran.exitCode())
        .as(ran.err())
        .isEqualTo(compares ? ExitCode.ANSWER_IS_NO : ExitCode.DONE);
    assertThat(complaints(ran)).isEmpty();
  }

  /** What is said of trouble: a sink logs its progress, and so does what takes five seconds. */
  private static List<String> complaints(RunHere ran) {
    return ran.err()
        .lines()
        .filter(line -> !line.contains(" INFO ") && !PROGRESS.matcher(line).matches())
        .toList();
  }

  private void assertSinkWorks() throws Exception {
    try (RunHere sink = RunHere.start(environment, "sink")) {
      awaitLog(sink, "state=IN_STEP");
    }
  }

  private static void awaitLog(RunHere sink, String line) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(sink.err()).contains(line));
  }

  private RunHere runToItsEnd(String command) throws IOException, InterruptedException {
    return RunHere.toTheEnd(environment, arguments(command));
  }

  private static String[] arguments(String command) throws IOException {
    return command.equals("publish") || command.equals("plan")
        ? new String[] {command, newTable().toString()}
        : new String[] {command};
  }

  /** A table that differs from what the topic holds, so that there is something to publish. */
  private static Path newTable() throws IOException {
    return Files.writeString(
        directory.resolve("usps.csv"),
        """
        carrier,origin,destination,zone,flags
        usps,005,006,%d,
        usps,005,010,2,*
        """
            .formatted(EDITIONS.incrementAndGet()));
  }

  private Ran run(String... arguments) {
    return Ran.zonecast(environment, arguments);
  }

  private void useGroup(String group) {
    environment.put("ZONECAST_GROUP", group);
  }

  private void configure(Path file) {
    environment.put("ZONECAST_CONFIG", file.toString());
  }

  private void useScram() throws IOException {
    configure(guide.write("scram.properties", directory, kafka.broker().scram()));
  }

  private List<KafkaRight> rightsOf(List<String> commands) {
    String group = environment.getOrDefault("ZONECAST_GROUP", "zones-sink");
    return commands.stream()
        .flatMap(command -> KafkaRight.of(command, TOPIC, group).stream())
        .toList();
  }

  /** All rights but one; in its place the right to look, so that the refusal comes late. */
  private static List<KafkaRight> without(Denial denial) {
    List<KafkaRight> rights = new ArrayList<>();
    for (KafkaRight right : KafkaRight.of(denial.command(), TOPIC, "denied")) {
      List<AclOperation> operations = new ArrayList<>(right.operations());
      if (right.equals(denial.right())) {
        operations.remove(denial.operation());
        // Lag reads only where something waits to be read.
        if (!denial.command().equals("lag")) {
          operations.add(AclOperation.DESCRIBE);
        }
      }
      rights.add(new KafkaRight(right.type(), right.name(), operations));
    }
    return rights;
  }

  private static String jaas(String user, String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(user, password);
  }

  private static Map<String, String> scram(String address, String password) {
    return Map.of(
        "bootstrap-servers",
        address,
        "kafka.security.protocol",
        "SASL_SSL",
        "kafka.sasl.mechanism",
        "SCRAM-SHA-512",
        "kafka.sasl.jaas.config",
        jaas(SecuredBroker.CLIENT, password),
        "kafka.ssl.truststore.type",
        "PEM",
        "kafka.ssl.truststore.location",
        directory.resolve("authority.pem").toString());
  }

  private static Map<String, String> tls(String address, @Nullable Identity own) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("bootstrap-servers", address);
    settings.put("kafka.security.protocol", "SSL");
    settings.put("kafka.ssl.truststore.location", directory.resolve("authority.p12").toString());
    settings.put("kafka.ssl.truststore.password", SecuredKafka.TRUST_STORE_PASSWORD);
    if (own != null) {
      settings.putAll(keyStore(own));
    }
    return settings;
  }

  private static Map<String, String> keyStore(Identity own) {
    Path store = directory.resolve(UUID.randomUUID() + ".p12");
    return Map.of(
        "kafka.ssl.keystore.location",
        own.writeKeyStore(store, SecuredKafka.KEY_STORE_PASSWORD).toString(),
        "kafka.ssl.keystore.password",
        SecuredKafka.KEY_STORE_PASSWORD);
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    return with(settings, Map.of(name, value));
  }

  private static Map<String, String> with(Map<String, String> settings, Map<String, String> over) {
    Map<String, String> both = new TreeMap<>(settings);
    both.putAll(over);
    return both;
  }

  private static Path write(Map<String, String> settings) throws IOException {
    return Files.write(
        directory.resolve("misfit.properties"),
        settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
  }
}
