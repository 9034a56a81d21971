package io.zonecast.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.monitor.Contact;
import io.zonecast.monitor.Health;
import io.zonecast.monitor.ListenAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream shows of itself before it runs, which is all but Streams' own meters. */
class StreamMonitorTest {
  private static final Path GUIDE = Path.of("..", "docs", "metrics-stream.md");
  private static final String OURS = "zonecast_";

  private final UpdateStream stream =
      new UpdateStream(StreamSettings.of(Map.of("bootstrap.servers", "127.0.0.1:1"), "zones", 6));
  private final StreamMonitor monitor =
      new StreamMonitor(new ListenAddress("127.0.0.1", 0), stream, "1.2.3");
  private String address = "";

  @BeforeEach
  void listen() throws Exception {
    address = monitor.start().toString();
  }

  @AfterEach
  void close() {
    monitor.close();
    stream.close();
  }

  @Test
  void theGuideListsEveryMeter() throws Exception {
    List<String> rows = rows(get("/metrics").body());
    String page = Files.readString(GUIDE);
    String written = page.substring(0, page.indexOf("| `" + OURS)) + String.join("\n", rows) + "\n";
    if (Boolean.getBoolean("zonecast.write.guides")) {
      Files.writeString(GUIDE, written);
    }

    assertThat(Files.readString(GUIDE))
        .as("-Dzonecast.write.guides=true writes it")
        .isEqualTo(written);
  }

  @Test
  void oneThatWaitsForItsBrokersIsAliveAndNotReady() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("no updates are taken, the stream is WAITING");
  }

  @Test
  void oneWhoseBrokersAreGoneIsNotReadyThoughStreamsSaysThatItRuns() {
    var nanos = new AtomicLong();
    var kafka = new Contact("Kafka at k:9092", "is it up?", nanos::get);
    assertThat(StreamMonitor.readiness(StreamStatus.of(State.RUNNING, kafka), kafka).reason())
        .isEqualTo("updates are taken; Kafka at k:9092 answered 0.0 s ago");

    nanos.set(Duration.ofSeconds(6).toNanos());

    assertThat(StreamMonitor.readiness(StreamStatus.of(State.RUNNING, kafka), kafka))
        .isEqualTo(
            Health.Answer.failing(
                "no updates are taken, the stream is RUNNING; Kafka at k:9092 has not answered for"
                    + " 6.0 s; is it up?"));
  }

  /** A row for each meter of ours in a scrape, by name, as the guide has them. */
  private static List<String> rows(String scrape) {
    Map<String, String> types = new TreeMap<>();
    Map<String, String> helps = new TreeMap<>();
    Map<String, TreeSet<String>> labels = new TreeMap<>();
    for (String line : scrape.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE " + OURS)) {
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP " + OURS)) {
        helps.put(words[2], words[3]);
      } else if (line.startsWith(OURS)) {
        Matcher label = Pattern.compile("(\\w+)=\"").matcher(line);
        while (label.find()) {
          labels
              .computeIfAbsent(line.split("[{ ]", 2)[0], n -> new TreeSet<>())
              .add(label.group(1));
        }
      }
    }
    List<String> rows = new ArrayList<>();
    types.forEach(
        (name, type) ->
            rows.add(
                "| `%s` | %s | %s | %s |"
                    .formatted(
                        name,
                        type,
                        labels.getOrDefault(name, new TreeSet<>()).stream()
                            .map(label -> "`" + label + "`")
                            .collect(Collectors.joining(", ")),
                        helps.get(name))));
    return rows;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
