package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZonecastTest {
  /** Nothing listens there: a command that gets so far has accepted its options. */
  private static final String NOWHERE = "127.0.0.1:1";

  private static final String TABLE = "carrier,origin,destination,zone\nusps,005,010,2\n";

  private static final int SCREEN_LINES = 40;
  private static final int SCREEN_COLUMNS = 80;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "plan",
        "publish",
        "history",
        "undo",
        "export",
        "delete",
        "update",
        "stream",
        "sink",
        "rebuild",
        "verify",
        "lag",
        "get",
        "schemas",
        "sample",
        "completion"
      })
  void everyCommandsHelpFitsAScreenAndHasAnExample(String command) {
    Ran ran = Ran.zonecast(command, "--help");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("Example:  ").contains("-h, --help").doesNotContain("${");
    // How a file is read, and what is guarded, takes as many lines again.
    boolean ofAFile = command.equals("plan") || command.equals("publish");
    assertThat(ran.out().lines())
        .hasSizeLessThanOrEqualTo(ofAFile ? 2 * SCREEN_LINES : SCREEN_LINES);
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= SCREEN_COLUMNS);
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void theVersionNamesTheCommit() {
    Ran ran = Ran.zonecast("--version");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).matches("(?s)zonecast \\d\\S*( \\([0-9a-f]{12}(-dirty)?\\))?\\R.*");
  }

  @Test
  void withoutACommandTheHelpSaysWhichThereAre() {
    Ran ran = Ran.zonecast();

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("Commands:").contains("  publish").contains("zonecast demo");
    assertThat(ran.err().lines()).hasSizeLessThanOrEqualTo(SCREEN_LINES);
  }

  @ParameterizedTest
  @CsvSource({
    "lagg, 'zonecast: \"lagg\": there is no such command; did you mean lag?; see zonecast --help'",
    "lag --jsn, 'zonecast: --jsn: zonecast lag has no such option; did you mean --json?; see"
        + " zonecast lag --help'",
    "lag a, 'zonecast: \"a\": zonecast lag does not take so many arguments; leave it out, or put it"
        + " in quotes if it belongs to the one before; see zonecast lag --help'"
  })
  void aSlipIsOneLineWithTheWordThatMayBeMeant(String typed, String said) {
    Ran ran = Ran.zonecast(typed.split(" "));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).isEqualTo(said + "\n");
  }

  @Test
  void aWordLikeNoCommandGetsTheListOfThem() {
    Ran ran = Ran.zonecast("frobnicate");

    assertThat(ran.err()).contains("use one of completion, delete, demo, export,");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "plan FILE, --memcached",
    "publish FILE, --memcached",
    "lag, --schema-registry-url",
    "get usps 005 010, --bootstrap-servers",
    "schemas list, --memcached"
  })
  void anOptionThatDoesNothingIsTakenAndNotShown(String command, String option) {
    Ran help = Ran.zonecast((command + " --help").split(" "));
    Ran ran = Ran.zonecast((command + " --nonsense " + option + "=x").split(" "));

    assertThat(help.out()).contains("Usage:").doesNotContain(option);
    assertThat(ran.err()).contains("--nonsense").doesNotContain(option);
  }

  @Test
  void aSampleOverwritesNoFileUnasked() throws IOException {
    Path file = Files.writeString(directory.resolve("zones.csv"), "mine");

    Ran refused = Ran.zonecast("sample", "--rows", "3", "--out", file.toString());
    Ran forced = Ran.zonecast("sample", "--rows", "3", "--out", file.toString(), "--force");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains(file.toString()).contains("--force");
    assertThat(refused.err().lines()).hasSize(1);
    assertThat(forced.exitCode()).isZero();
    assertThat(Files.readAllLines(file)).hasSize(4);
  }

  @Test
  void aListIsNotWrittenOverTheFileThatIsPlanned() throws IOException {
    Path file = Files.writeString(directory.resolve("usps.csv"), TABLE);
    Path link = Files.createSymbolicLink(directory.resolve("link.csv"), file);

    for (Path list : List.of(file, link, directory.resolve(".").resolve("usps.csv"))) {
      Ran ran = Ran.zonecast("plan", file.toString(), "--list", list.toString());

      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err().lines())
          .singleElement(STRING)
          .contains("--list " + list, "would be overwritten");
      assertThat(file).hasContent(TABLE);
    }
  }

  @Test
  void aListIsReplacedByAWholeOneOrNotAtAll() throws IOException {
    Path file = Files.writeString(directory.resolve("usps.csv"), TABLE);
    Path list = Files.writeString(directory.resolve("changes.csv"), "of yesterday");
    Path settings = settings("kafka.default.api.timeout.ms=300\nkafka.request.timeout.ms=300\n");

    Ran failed =
        Ran.zonecast(
            "plan",
            file.toString(),
            "--list=" + list,
            "--config=" + settings,
            "--bootstrap-servers",
            NOWHERE);

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(list).hasContent("of yesterday");
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aDemoOfAFileThatIsNotThereStartsNothing() {
    Ran ran = Ran.zonecast("demo", directory.resolve("none.csv").toString());

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo("zonecast: " + directory.resolve("none.csv") + ": there is no such file\n");
  }

  @Test
  void anUnknownOptionIsOneLineThatNamesTheHelp() {
    Ran ran = Ran.zonecast("get", "usps", "005", "010", "--colour");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo(
            "zonecast: --colour: zonecast get has no such option; leave it out; see zonecast get"
                + " --help\n");
  }

  @Test
  void allProblemsAreSaidAtOnce() {
    Ran ran =
        Ran.zonecast(
            "get", "USPS", "005", "010", "--memcached=a", "--placement=b", "--key-prefix=");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines())
        .hasSize(4)
        .anyMatch(line -> line.contains("carrier \"USPS\""))
        .anyMatch(line -> line.contains("--memcached") && line.contains("\"a\""))
        .anyMatch(line -> line.contains("placement \"b\""))
        .anyMatch(line -> line.contains("--key-prefix is empty"));
  }

  @Test
  void aCommandLinesValueWinsOverTheEnvironmentsAndThatOverTheFiles() throws IOException {
    Path file = settings("memcached=file\nkey-prefix=from file\nplacement=from-file\n");
    Map<String, String> environment =
        Map.of("ZONECAST_MEMCACHED", "environment", "ZONECAST_KEY_PREFIX", "from environment");

    Ran ran =
        Ran.zonecast(
            environment, "get", "usps", "005", "010", "--memcached=flag", "--config=" + file);

    assertThat(ran.err().lines())
        .anyMatch(line -> line.contains("--memcached") && line.contains("\"flag\""))
        .anyMatch(line -> line.contains("--key-prefix \"from environment\""))
        .anyMatch(line -> line.contains("placement \"from-file\""));
  }

  @Test
  void theSettingsFileCanBeNamedByTheEnvironment() throws IOException {
    Path file = settings("placement=from-file\n");

    Ran ran = Ran.zonecast(Map.of("ZONECAST_CONFIG", file.toString()), "get", "usps", "005", "010");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("placement \"from-file\"");
  }

  @Test
  void unknownKeysOfTheSettingsFileAreNamedAllAtOnce() throws IOException {
    Path file = settings("bootstrap-server=x\n--topic=y\nnonsense.key=z\nkafka.client.id=fine\n");

    Ran ran = Ran.zonecast("lag", "--config=" + file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines())
        .hasSize(3)
        .anyMatch(line -> line.contains("\"bootstrap-server\"; did you mean \"bootstrap-servers\""))
        .anyMatch(line -> line.contains("\"--topic\"; did you mean \"topic\""))
        .anyMatch(line -> line.contains("\"nonsense.key\"; use an option's name"));
  }

  @Test
  void aWordThatBeginsWithAnAtSignIsNoFileOfArguments() throws IOException {
    Path file = Files.writeString(directory.resolve("words"), "010");

    Ran ran = Ran.zonecast("get", "usps", "005", "@" + file, "--memcached", NOWHERE);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("destination \"@");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "producer.", "consumer.", "streams.", "streams.main.consumer."})
  void whereTheBrokersAreIsSaidInOnePlace(String kind) throws IOException {
    Path file = settings("kafka.%sbootstrap.servers=elsewhere:9092\n".formatted(kind));

    Ran ran = Ran.zonecast("lag", "--config=" + file, "--bootstrap-servers", NOWHERE);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines())
        .singleElement(STRING)
        .contains("kafka." + kind + "bootstrap.servers", "use the key bootstrap-servers");
  }

  @ParameterizedTest
  @CsvSource({
    "lag --watch 0, '--watch 0 ms'",
    "lag --watch 99ms, '--watch 99 ms'",
    "lag --watch 999999999h, '\"999999999h\" is longer'",
    "update usps 005 010 4 --wait --timeout 999999999h, '\"999999999h\" is longer'"
  })
  void aTimeIsNeitherNothingNorForEver(String commandLine, String said) {
    Ran ran = Ran.zonecast(commandLine.split(" "));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines()).singleElement(STRING).contains(said, "give ");
  }

  @ParameterizedTest
  @CsvSource({"233, s, 0", "232, z, 0", "234, s, 233", "233, z, 232", "237, z, 232"})
  void aTopicsNameLeavesRoomForThoseNamedAfterIt(int length, String end, int most) {
    String topic = "t".repeat(length - 1) + end;

    Ran ran = Ran.zonecast("get", "usps", "005", "010", "--topic", topic, "--memcached", NOWHERE);

    if (most == 0) {
      assertThat(ran.err()).contains("cannot connect");
    } else {
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err().lines())
          .singleElement(STRING)
          .contains(topic, length + " characters", "-updates.rejected", "use " + most + " at most");
    }
  }

  @Test
  void aMissingSettingsFileIsNamed() {
    Ran ran = Ran.zonecast("lag", "--config", directory.resolve("none").toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--config").contains("none: there is no such file");
  }

  @Test
  void helpWorksWhateverTheSettingsFileIs() {
    Ran ran = Ran.zonecast(Map.of("ZONECAST_CONFIG", "/no/such/file"), "lag", "--help");

    assertThat(ran.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lag", "lag --help", "lag --verbose"})
  void secretsAreNotShown(String commandLine) throws IOException {
    String secret = "hunter2-planted";
    Path file =
        settings(
            """
            bootstrap-servers=%s
            kafka.security.protocol=SASL_PLAINTEXT
            kafka.sasl.mechanism=PLAIN
            kafka.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule \
            required username="u" password="%s";
            kafka.default.api.timeout.ms=300
            kafka.request.timeout.ms=300
            """
                .formatted(NOWHERE, secret));

    Ran ran = Ran.zonecast(Map.of("ZONECAST_CONFIG", file.toString()), commandLine.split(" "));

    assertThat(ran.out()).doesNotContain(secret);
    assertThat(ran.err()).doesNotContain(secret);
  }

  @Test
  void aBrokerThatDoesNotAnswerIsOneLineWithoutAStackTrace() throws IOException {
    Path file = settings("kafka.default.api.timeout.ms=300\nkafka.request.timeout.ms=300\n");

    Ran ran = Ran.zonecast("lag", "--bootstrap-servers", NOWHERE, "--config=" + file);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .hasSize(2)
        .first()
        .isEqualTo(
            "zonecast: waiting for Kafka at %s, where nobody answers (--bootstrap-servers)"
                .formatted(NOWHERE));
    assertThat(ran.err().lines().skip(1))
        .allMatch(line -> line.contains("Kafka at " + NOWHERE + ": no answer in time"));
  }

  @Test
  void verboseAddsTheStackTrace() throws IOException {
    Path file = settings("kafka.default.api.timeout.ms=300\nkafka.request.timeout.ms=300\n");

    Ran ran = Ran.zonecast("lag", "--verbose", "--bootstrap-servers", NOWHERE, "--config=" + file);

    assertThat(ran.err()).contains("\tat ");
  }

  @Test
  void aNodeThatDoesNotAnswerIsNamed() {
    Ran ran = Ran.zonecast("get", "usps", "005", "010", "--memcached", NOWHERE);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("zonecast: memcached 127.0.0.1:1: cannot connect: Connection refused\n");
  }

  @Test
  void aNodeIsNotEmptiedBeforeItIsRefusedAsTooSmall() {
    Ran ran = Ran.zonecast("rebuild", "--flush", "--yes", "--strict-memory");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines())
        .singleElement(STRING)
        .contains("--strict-memory", "--flush", "use one of them");
  }

  @Test
  void schemasNeedARegistry() {
    Ran ran = Ran.zonecast("schemas", "check");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--schema-registry-url");
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNamedWithoutItsPassword() {
    Ran ran =
        Ran.zonecast(
            Map.of("ZONECAST_SCHEMA_REGISTRY_URL", "http://user:hunter2@" + NOWHERE),
            "schemas",
            "list");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains(NOWHERE)
        .contains("--schema-registry-url")
        .doesNotContain("schema.registry.url")
        .doesNotContain("hunter2");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completionKnowsTheCommands(String shell) {
    Ran ran = Ran.zonecast("completion", shell);

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("publish").contains("--bootstrap-servers");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2048})
  void aFillsMemoryFitsInOneArray(int megabytes) {
    Ran ran = Ran.zonecast("sink", "--fill-memory", Integer.toString(megabytes));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines())
        .singleElement(STRING)
        .contains("--fill-memory " + megabytes, "1 to 2047");
  }

  @Test
  void lagTakesNoLimitWhereItNeverEnds() {
    Ran ran = Ran.zonecast("lag", "--watch", "--max-lag-seconds", "60");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--max-lag-seconds 60").contains("--watch");
  }

  @ParameterizedTest
  @CsvSource({
    "bash, zonecast pl, 1, plan",
    "bash, zonecast lag --max, 2, --max-lag-seconds",
    "zsh, zonecast pl, 1, plan",
    "zsh, zonecast lag --max, 2, --max-lag-seconds"
  })
  void theShellCompletes(String shell, String typed, int word, String completed) throws Exception {
    assumeTrue(
        isInstalled(shell), "there is no " + shell + "; on Debian: apt-get install " + shell);
    Path script = directory.resolve("completion." + shell);
    Files.writeString(script, Ran.zonecast("completion", shell).out());
    String load =
        shell.equals("zsh") ? "autoload -U compinit && compinit -u; setopt kshArrays; " : "";
    Process process =
        new ProcessBuilder(
                shell,
                "-c",
                "%ssource %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_zonecast; echo \"${COMPREPLY[@]}\""
                    .formatted(load, script, typed, word))
            // Outside of a real completion, bash complains of compopt.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    // bash filters by what is typed itself; zsh does, once it has all that there is.
    assertThat(said.strip().split(" ")).contains(completed);
    assertThat(said).doesNotContain("error");
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  @Test
  void standardInputIsRefusedWithTheRemedy() {
    Ran ran = Ran.zonecast("publish", "-");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("standard input").contains("save it first");
  }

  private Path settings(String content) throws IOException {
    return Files.writeString(directory.resolve("zonecast.properties"), content);
  }
}
