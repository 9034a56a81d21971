package io.zonecast.bench.faults;

import io.zonecast.bench.stage.BenchPool;
import io.zonecast.schemas.topic.ReaderSettings;
import io.zonecast.sink.SinkSettings;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Checks all the time that operators see the truth: while a node lacks rows, {@code lag} must not
 * say CAUGHT UP or IN STEP, and not all sinks may be ready. A node counts as lacking rows if it
 * lacks them before and after the answer, and for longer than a wipe may go unnoticed.
 */
final class Views implements AutoCloseable {
  /** A wipe is noticed within two seconds, and a view may be a second old. */
  private static final long NOTICED_NANOS = Duration.ofSeconds(4).toNanos();

  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final Truth truth;
  private final List<FaultyNode> nodes;
  private final Supplier<List<String>> pages;
  private final FaultJournal journal;
  private final Admin admin;
  private final LagProbe probe;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(HTTP_TIMEOUT).build();
  private final Thread thread = new Thread(this::run, "views");
  private final Map<FaultyNode, Long> lacksSince = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private long answers;
  private long whileLacking;

  /**
   * Asks nothing yet.
   *
   * @param pages the addresses of the sinks' status pages, of those that run
   */
  Views(
      BenchPool pool,
      Truth truth,
      List<FaultyNode> nodes,
      Supplier<List<String>> pages,
      FaultJournal journal) {
    this.truth = truth;
    this.nodes = nodes;
    this.pages = pages;
    this.journal = journal;
    Map<String, Object> kafka =
        Map.of(
            "bootstrap.servers",
            pool.topic().bootstrapServers(),
            "default.api.timeout.ms",
            "3000",
            "request.timeout.ms",
            "2000");
    this.admin = Admin.create(kafka);
    SinkSettings settings = pool.settings();
    this.probe =
        new LagProbe(
            admin,
            isolation -> reader(kafka, isolation),
            settings.topic(),
            settings.group(),
            new CacheNodes(
                settings.nodes(), settings.group(), settings.topic(), settings.writtenWith()));
    thread.setDaemon(true);
  }

  private static Consumer<byte[], byte[]> reader(
      Map<String, Object> kafka, IsolationLevel isolation) {
    return new KafkaConsumer<>(
        ReaderSettings.of(kafka, isolation),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  void start() {
    thread.start();
  }

  /** The false claims of the views; read it after {@link #stop}. */
  List<String> wrong() {
    return wrong;
  }

  /** How many answers were compared with the nodes; read it after {@link #stop}. */
  long answers() {
    return answers;
  }

  /** How many of them came while a node lacked rows, and so could have been wrong. */
  long whileLacking() {
    return whileLacking;
  }

  private void run() {
    try {
      while (true) {
        List<FaultyNode> before = lacking();
        List<Claim> claims = claims();
        List<FaultyNode> after = lacking();
        after.retainAll(before);
        answers++;
        if (!after.isEmpty()) {
          whileLacking++;
          for (Claim claim : claims) {
            if (after.stream().anyMatch(node -> claim.isOf(node.address()))) {
              String found = "%s, while %s lacks rows".formatted(claim.words(), after);
              journal.note("WRONG: " + found);
              wrong.add(found);
            }
          }
        }
        TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The nodes that lack a good part of the table, and have for long enough to be noticed. */
  private List<FaultyNode> lacking() {
    List<FaultyNode> lacking = new ArrayList<>();
    long now = System.nanoTime();
    for (int i = 0; i < nodes.size(); i++) {
      FaultyNode node = nodes.get(i);
      if (!truth.lacksMuch(i)) {
        lacksSince.remove(node);
      } else if (now - lacksSince.computeIfAbsent(node, its -> now) > NOTICED_NANOS) {
        lacking.add(node);
      }
    }
    return lacking;
  }

  /**
   * Something that is wrong if a node lacks rows.
   *
   * @param node whose rows; "" for every node's
   */
  private record Claim(String words, String node) {
    boolean isOf(String address) {
      return node.isEmpty() || node.equals(address);
    }
  }

  /** Those claims of the views that are false if a node lacks rows. */
  private List<Claim> claims() throws InterruptedException {
    List<Claim> claims = new ArrayList<>();
    try {
      LagReport report = probe.look(false);
      if (report.verdict() == Verdict.CAUGHT_UP) {
        claims.add(new Claim("lag says CAUGHT UP", ""));
      }
      for (NodeLag node : report.nodes()) {
        if (node.state() == NodeState.IN_STEP) {
          claims.add(new Claim("lag says " + node.node() + " IN STEP", node.node()));
        }
      }
    } catch (KafkaException e) {
      // No broker, no answer.
    }
    List<String> asked = pages.get();
    boolean allReady = !asked.isEmpty();
    for (String page : asked) {
      allReady &= isReady(page);
    }
    if (allReady) {
      claims.add(new Claim("all sinks say that they are ready and caught up", ""));
    }
    return claims;
  }

  private boolean isReady(String page) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(page + "readyz")).timeout(HTTP_TIMEOUT).build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      // One that has no partition is ready too, and claims nothing.
      return answer.statusCode() == 200 && answer.body().contains("caught up");
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops asking; what was found stays. */
  void stop() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    admin.close(Duration.ofSeconds(1));
  }
}
