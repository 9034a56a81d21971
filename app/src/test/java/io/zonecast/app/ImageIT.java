package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image as {@code image/build} made it last, in containers that may write nowhere and are
 * nobody. Building it takes too long for a test, so without it, or without an engine, there is
 * nothing to test.
 */
@Tag("containers")
class ImageIT {
  private static final String IMAGE = System.getProperty("zonecast.test.image", "zonecast");
  private static final Path DOCKER = Path.of("docker");
  private static final Path SOURCES = Path.of("../schemas/src/test/resources/ext-stand-in");

  private static final String TABLE =
      """
      carrier,origin,destination,zone,flags,effective_date
      usps,005,006,A,,
      usps,005,010,2,*,2024-04-01
      """;

  private final String container = "zonecast-test-" + UUID.randomUUID();
  private final String topic = "zones-" + UUID.randomUUID();

  @TempDir private Path directory;

  @BeforeAll
  static void findTheImage() throws Exception {
    assumeTrue(
        !answer("version", "--format", "{{.Server.Version}}").isEmpty(),
        "the image is tested where a Docker engine answers; none does");
    assumeTrue(
        !answer("image", "inspect", "--format", "{{.Id}}", IMAGE).isEmpty(),
        "there is no image " + IMAGE + " to test; image/build makes it");
  }

  @AfterEach
  void removeTheContainer() throws Exception {
    answer("rm", "--force", container);
  }

  @Test
  void itRunsAsNobodyOnAFileSystemThatItCannotWriteTo() throws Exception {
    Ran ran = run(List.of("--network", "none", "--cap-drop", "ALL"), "--version");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).startsWith("zonecast ");
    assertThat(ran.err()).isEmpty();
    assertThat(answer("image", "inspect", "--format", "{{.Config.User}}", IMAGE))
        .isEqualTo("10001:10001");
  }

  @Test
  void itIsAskedForItsHealthByDocker() throws Exception {
    assertThat(
            answer(
                "image", "inspect", "--format", "{{join .Config.Healthcheck.Test \" \"}}", IMAGE))
        .isEqualTo("CMD /opt/zonecast/bin/zonecast-health");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--http 0.0.0.0:9001", "--http=0.0.0.0:9001", "-e", "file"})
  void itsHealthIsWhatTheSinkAnswersWhereverThatListens(String way) throws Exception {
    List<String> options = new ArrayList<>(List.of("--network", "none"));
    List<String> arguments = new ArrayList<>(List.of("sink"));
    switch (way) {
      case "-e" -> options.addAll(List.of("-e", "ZONECAST_HTTP=0.0.0.0:9002"));
      case "file" -> {
        String settings = readable("zonecast.properties", "http = 0.0.0.0:9003\n");
        options.addAll(List.of("-v", settings + ":/zonecast.properties:ro"));
        arguments.addAll(List.of("--config", "/zonecast.properties"));
      }
      default -> arguments.addAll(List.of(way.split(" ")));
    }
    arguments.remove("");
    try (RunningCommand sink = start(options, arguments.toArray(String[]::new))) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> inside("zonecast-health").exitCode() == 0 || !sink.isRunning());

      assertThat(sink.isRunning()).as(sink.err()).isTrue();
      // Without a network it has no brokers, and lives.
      assertThat(inside("zonecast-health", "/livez").out()).startsWith("ok: ");
      Ran ready = inside("zonecast-health", "/readyz");
      assertThat(ready.exitCode()).isEqualTo(1);
      assertThat(ready.out()).startsWith("failing: ").contains("zones-sink");
    }
  }

  @Test
  void aCommandThatListensNowhereIsWellAsLongAsItRuns() throws Exception {
    List<String> alone = List.of("--network", "none");
    try (RunningCommand sink = start(alone, "sink", "--http", "none")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> inside("zonecast-health").exitCode() == 0 || !sink.isRunning());

      assertThat(inside("zonecast-health").out())
          .isEqualTo("ok: it listens nowhere (--http none)\n");
    }
  }

  @Test
  void aJarInExtIsOnTheClassPath() throws Exception {
    assumeThatTheEngineIsHere();
    String bootstrap = Servers.shared().broker().bootstrapServers();
    URI registry = SharedRegistry.url();
    Path home = directory.resolve("home");
    Installation.in(home).dropIn(SOURCES, "stand-in.jar");
    String settings =
        readable(
            "zonecast.properties",
            """
            bootstrap-servers=%s
            topic=%s
            kafka.value.serializer=com.example.standin.StandInAvroSerializer
            kafka.value.deserializer=com.example.standin.StandInAvroDeserializer
            kafka.specific.avro.reader=true
            kafka.schema.registry.url=%s
            """
                .formatted(bootstrap, topic, registry));
    String table = readable("usps.csv", TABLE);
    List<String> mounts =
        List.of("-v", settings + ":/zonecast.properties:ro", "-v", table + ":/usps.csv:ro");
    List<String> withTheJar = new ArrayList<>(mounts);
    withTheJar.addAll(List.of("-v", home.resolve("ext") + ":/opt/zonecast/ext:ro"));
    String[] publish = {"publish", "/usps.csv", "--config", "/zonecast.properties"};

    Ran without = run(mounts, publish);
    Ran with = run(withTheJar, publish);

    assertThat(without.exitCode()).as(without.err()).isEqualTo(2);
    assertThat(without.err()).contains("StandInAvroDeserializer");
    assertThat(with.exitCode()).as(with.err()).isZero();
    assertThat(TopicValues.read(bootstrap, topic, 2).values())
        .extracting(TopicValues::schemaId)
        .containsOnly(SharedRegistry.latest(topic + "-value").get("id").asInt());
  }

  @Test
  void aSinkLeavesItsGroupInGoodOrderWhenItsContainerIsStopped() throws Exception {
    assumeThatTheEngineIsHere();
    try (MemcachedNode node = Servers.shared().memcached()) {
      Map<String, String> environment =
          Map.of(
              "ZONECAST_BOOTSTRAP_SERVERS",
              Servers.shared().broker().bootstrapServers(),
              "ZONECAST_TOPIC",
              topic,
              "ZONECAST_GROUP",
              "group-of-" + topic,
              "ZONECAST_MEMCACHED",
              node.address());
      Path table = Files.writeString(directory.resolve("usps.csv"), TABLE);
      assertThat(Ran.zonecast(environment, "publish", table.toString()).exitCode()).isZero();
      List<String> variables = new ArrayList<>();
      environment.forEach((name, value) -> variables.addAll(List.of("-e", name + "=" + value)));
      variables.addAll(List.of("-e", "ZONECAST_HTTP=none"));
      try (RunningCommand sink = start(variables, "sink")) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> sink.err().contains("state=IN_STEP") || !sink.isRunning());

        answer("stop", "--time", "30", container);

        assertThat(sink.awaitEnd().exitCode()).as(sink.err()).isEqualTo(143);
        assertThat(sink.err()).contains("state=IDLE was=IN_STEP");
        assertThat(Ran.zonecast(environment, "lag", "--json").json().get("verdict").asText())
            .isEqualTo("NO_SINK");
      }
    }
  }

  /** A container sees this machine's files and loopback only from an engine on this machine. */
  private static void assumeThatTheEngineIsHere() throws Exception {
    String engine = answer("info", "--format", "{{.Name}}");
    String here = InetAddress.getLocalHost().getHostName();
    assumeTrue(
        engine.equals(here),
        "the servers are on " + here + ", which containers of the engine on " + engine + " miss");
  }

  /** A file that users other than this one may read as well. */
  private String readable(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file.toString();
  }

  private Ran run(List<String> options, String... arguments) throws Exception {
    try (RunningCommand command = start(options, arguments)) {
      return command.awaitEnd();
    }
  }

  /** Runs a command in the container, beside what it runs. */
  private Ran inside(String... command) throws Exception {
    List<String> exec = new ArrayList<>(List.of("exec", container));
    exec.addAll(List.of(command));
    try (RunningCommand running =
        RunningCommand.start(DOCKER, Map.of(), exec.toArray(String[]::new))) {
      return running.awaitEnd();
    }
  }

  private RunningCommand start(List<String> options, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("run", "--rm", "--pull", "never", "--name", container));
    command.add("--read-only");
    if (!options.contains("--network")) {
      command.addAll(List.of("--network", "host"));
    }
    command.addAll(options);
    command.add(IMAGE);
    command.addAll(List.of(arguments));
    return RunningCommand.start(DOCKER, Map.of(), command.toArray(String[]::new));
  }

  /** What Docker says, or nothing when it fails, does not answer or is not there. */
  private static String answer(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(DOCKER.toString()));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException notThere) {
      return "";
    }
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS) || process.exitValue() != 0) {
        return "";
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
