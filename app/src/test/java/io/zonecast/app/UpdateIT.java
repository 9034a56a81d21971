package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change asked for, made by a stream, put into the cache by a sink: each a process. */
@Tag("containers")
class UpdateIT {
  private static final Pattern LISTENS = Pattern.compile("http=(\\S+)");

  private final String topic = "zones-" + UUID.randomUUID();
  private final Map<String, String> environment = new HashMap<>();
  private final MemcachedNode node = Servers.shared().memcached();

  @TempDir private Path directory;

  @BeforeEach
  void pointAtTheServers() throws IOException {
    Path settings = directory.resolve("zonecast.properties");
    Files.writeString(settings, "kafka.streams.state.dir=" + directory.resolve("state") + "\n");
    environment.put("ZONECAST_CONFIG", settings.toString());
    environment.put("ZONECAST_BOOTSTRAP_SERVERS", Servers.shared().broker().bootstrapServers());
    environment.put("ZONECAST_TOPIC", topic);
    environment.put("ZONECAST_GROUP", "group-of-" + topic);
    environment.put("ZONECAST_MEMCACHED", node.address());
    environment.put("ZONECAST_HTTP", "127.0.0.1:0");
  }

  @AfterEach
  void closeTheNode() {
    node.close();
  }

  @Test
  void anUpdateIsInTheCacheWithinMillisecondsAndTheStreamShowsItsFigures() throws Exception {
    try (RunningCommand sink = RunningCommand.start(environment, "sink");
        RunningCommand stream = RunningCommand.start(environment, "stream")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> stream.err().contains("state=RUNNING") || !stream.isRunning());
      assertThat(stream.isRunning()).as(stream.err()).isTrue();

      Ran first = run("update", "usps", "005", "010", "4", "--wait");
      String changes =
          write(
              """
              op,carrier,origin,destination,zone
              upsert,usps,005,011,A
              delete,usps,005,010,
              """);
      JsonNode file = run("update", "--file", changes, "--wait", "--json").json();

      assertThat(first.exitCode()).as(first.err() + stream.err() + sink.err()).isZero();
      assertThat(first.out())
          .containsPattern(
              "sent update \\S+ of usps:005:010 to topic \\S+-updates; in the cache after \\d+ ms\n");
      assertThat(first.err()).isEmpty();
      assertThat(file.get("updates").asLong()).isEqualTo(2);
      assertThat(file.get("missing").asLong()).isZero();
      assertThat(file.get("waitedMillis").asLong()).isLessThan(30_000);
      assertThat(file.get("streamMembers").asInt()).isOne();
      assertThat(run("get", "usps", "005", "011").out()).isEqualTo("A\n");
      assertThat(run("get", "usps", "005", "011", "--explain").out())
          .containsPattern(
              "written by:   update \\S+, asked for by "
                  + System.getProperty("user.name")
                  + " at 20")
          .contains("they agree");
      assertThat(run("get", "usps", "005", "010").exitCode()).isEqualTo(3);
      assertThat(shown(stream, "/readyz")).startsWith("200 ok: updates are taken");
      assertThat(shown(stream, "/livez")).startsWith("200 ok: ");
      assertThat(shown(stream, "/metrics"))
          .contains("zonecast_updates_written_total{group=\"" + topic + "-stream\"} 3.0")
          .contains("kafka_stream");

      stream.signal("TERM");

      assertThat(stream.awaitEnd().exitCode()).isEqualTo(143);
    }
  }

  @Test
  void whileNoBrokerAnswersNoViewClaimsAnythingAndBothSayWhenItIsBack() throws Exception {
    KafkaBroker broker = Servers.shared().broker();
    try (RunningCommand sink = RunningCommand.start(environment, "sink");
        RunningCommand stream = RunningCommand.start(environment, "stream")) {
      awaitShown(sink, "/readyz", "200 ok: caught up");
      awaitShown(sink, "/status", "\"verdict\":\"CAUGHT_UP\"");
      awaitShown(stream, "/readyz", "200 ok: updates are taken");
      int saidBySink = sink.err().length();
      int saidByStream = stream.err().length();

      broker.kill();
      try {
        awaitShown(sink, "/readyz", "has not answered for");
        assertThat(shown(sink, "/readyz")).startsWith("503 ");
        assertThat(shown(sink, "/status"))
            .contains("has not answered for")
            .doesNotContain("CAUGHT_UP");
        assertThat(shown(sink, "/metrics"))
            .contains("verdict=\"UNKNOWN\"} 1.0")
            .contains("verdict=\"CAUGHT_UP\"} 0.0");
        awaitShown(stream, "/readyz", "has not answered for");
        assertThat(shown(stream, "/readyz")).startsWith("503 ");
      } finally {
        broker.restart();
      }

      awaitShown(sink, "/readyz", "200 ok: caught up");
      awaitShown(stream, "/readyz", "200 ok: updates are taken");
      // A busy machine may have had no answer at the start too.
      assertThat(sink.err().substring(saidBySink))
          .containsOnlyOnce("has not answered for")
          .containsOnlyOnce("answers again, after");
      assertThat(stream.err().substring(saidByStream))
          .containsOnlyOnce("has not answered for")
          .containsOnlyOnce("answers again, after");
    }
  }

  private static void awaitShown(RunningCommand command, String path, String words) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(shown(command, path)).contains(words));
  }

  @Test
  void nobodyThereToTakeAnUpdateIsSaidAndNotWaitedForEver() {
    Ran ran = run("update", "usps", "005", "010", "4", "--wait", "--timeout", "100ms");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .contains("group " + topic + "-stream has no member; start: zonecast stream")
        .contains("usps:005:010 not in the cache after");
  }

  @Test
  void whatNoStreamWouldTakeIsNotSent() throws IOException {
    Ran word = run("update", "usps", "005", "010", "4 5");
    Ran carrier = run("update", "USPS", "005", "010", "4");
    Ran words = run("update", "usps", "005", "010");
    Ran both = run("update", "usps", "005", "010", "4", "--file", "changes.csv");
    String changes =
        write(
            """
            op,carrier,origin,destination,zone
            upsert,usps,005,011,A
            upsert,usps,005,012,
            """);
    Ran file = run("update", "--file", changes);

    assertThat(word.exitCode()).isEqualTo(2);
    assertThat(word.err()).contains("zone \"4 5\" is not 1 to 32");
    assertThat(carrier.exitCode()).isEqualTo(2);
    assertThat(carrier.err()).contains("carrier \"USPS\"");
    assertThat(words.exitCode()).isEqualTo(2);
    assertThat(words.err()).contains("3 words; give CARRIER ORIGIN DEST ZONE");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("--file changes.csv");
    assertThat(file.exitCode()).isEqualTo(3);
    assertThat(file.err()).contains("line 3, column zone").contains("sent nothing, 1 bad row");
  }

  private Ran run(String... arguments) {
    return Ran.zonecast(environment, arguments);
  }

  private String write(String content) throws IOException {
    return Files.writeString(directory.resolve("changes.csv"), content).toString();
  }

  private static String shown(RunningCommand stream, String path) throws Exception {
    Matcher address = LISTENS.matcher(stream.err());
    assertThat(address.find()).as(stream.err()).isTrue();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + address.group(1) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
