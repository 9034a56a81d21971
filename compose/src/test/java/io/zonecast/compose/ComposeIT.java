package io.zonecast.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Brings the stack up once, then strikes one container after the other. Each time changes go on
 * being asked for, and in the end they are in the cache, both sinks take their part, and {@code
 * zonecast verify} finds the cache equal to the topic.
 */
@Tag("containers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class ComposeIT {
  private static final String IMAGE = System.getProperty("zonecast.test.image", "zonecast");
  private static final String SERVERS = System.getProperty("zonecast.test.servers", "");

  /** Several times what it takes, also where other work goes on. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Longer than it takes the group to give a silent member up. */
  private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(8);

  private static final String CARRIER = "sample";
  private static final String ORIGIN = "005";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static @Nullable Stack running;

  /** For each node a destination whose zone lies on it. */
  private static final Map<String, String> DESTINATIONS = new HashMap<>();

  private static int changes;
  private static long upAt;

  @RegisterExtension static final LogsOfAFailure LOGS = new LogsOfAFailure(() -> stack().logs());

  @BeforeAll
  static void bringTheStackUp() {
    assumeTrue(
        !SERVERS.equals("processes"),
        "the compose stack needs containers, and zonecast.test.servers is processes");
    assumeTrue(Docker.engineAnswers(), "the compose stack needs a Docker engine, and none answers");
    Optional<List<String>> compose = Docker.compose();
    assumeTrue(
        compose.isPresent(),
        "there is neither docker compose nor docker-compose; on Debian: apt-get install"
            + " docker-compose");
    assumeTrue(
        Docker.hasImage(IMAGE), "there is no image " + IMAGE + " to test; image/build makes it");
    Stack stack = Stack.of(compose.orElseThrow(), IMAGE);
    Set<String> missing = new TreeSet<>(stack.images());
    missing.removeIf(Docker::canHaveImage);
    assumeTrue(missing.isEmpty(), "images are not here, and cannot be pulled: " + missing);

    running = stack;
    upAt = System.nanoTime();
    stack.up();
    findDestinations();
  }

  @AfterAll
  static void takeTheStackDown() {
    if (running != null) {
      running.close();
    }
  }

  @Test
  @Order(1)
  void theTableIsInTheCacheOfBothSinksSoonAfterItIsUp() {
    await(PATIENCE).until(() -> !zoneOf(destinationOn("memcached-1")).isEmpty());
    for (String sink : List.of("SINK_1_PORT", "SINK_2_PORT")) {
      assertThat(get(stack().page(sink, "/")).body()).contains("<title>Zonecast");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - upAt);

    awaitOrder();
    assertThat(stack().container("publish").exitCode()).isZero();
    for (String service :
        List.of("kafka", "registry", "memcached-1", "memcached-2", "sink-1", "sink-2", "stream")) {
      await(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(stack().container(service).health()).as(service).isEqualTo("healthy"));
    }
    System.out.printf("compose stack: a zone and both status pages after %s%n", took);
  }

  @Test
  @Order(2)
  void aKilledNodeIsFullAgainByItself() {
    Container node = stack().container("memcached-1");

    node.kill();
    String missed = change("memcached-1");
    awaitZone("memcached-2", change("memcached-2"));
    node.start();

    awaitZone("memcached-1", missed);
    awaitOrder();
  }

  @Test
  @Order(3)
  void aBrokerThatStandsStillLosesNothingAndEndsNoSink() {
    Container broker = stack().container("kafka");
    List<URI> lives =
        List.of(stack().page("SINK_1_PORT", "/livez"), stack().page("SINK_2_PORT", "/livez"));

    broker.pause();
    try {
      await(LONGER_THAN_A_SESSION.multipliedBy(3))
          .during(LONGER_THAN_A_SESSION)
          .until(() -> lives.stream().allMatch(page -> get(page).statusCode() == 200));
      assertThat(zoneOf(destinationOn("memcached-1"))).isNotEmpty();
    } finally {
      broker.unpause();
    }

    awaitZone("memcached-1", change("memcached-1"));
    awaitZone("memcached-2", change("memcached-2"));
    awaitOrder();
  }

  @Test
  @Order(4)
  void theOtherSinkTakesOverFromOneThatIsStopped() {
    Container sink = stack().container("sink-1");

    sink.stop();
    assertThat(sink.exitCode()).isEqualTo(143);
    awaitZone("memcached-1", change("memcached-1"));
    awaitZone("memcached-2", change("memcached-2"));
    sink.start();

    awaitOrder();
  }

  @Test
  @Order(5)
  void theOtherSinkTakesOverFromOneThatIsKilled() {
    Container sink = stack().container("sink-2");

    sink.kill();
    awaitZone("memcached-1", change("memcached-1"));
    awaitZone("memcached-2", change("memcached-2"));
    sink.start();

    awaitOrder();
  }

  @Test
  @Order(6)
  void aNodeThatWasCutOffGetsWhatItMissed() {
    Container node = stack().container("memcached-2");

    String missed;
    node.cutOff();
    try {
      missed = change("memcached-2");
      awaitZone("memcached-1", change("memcached-1"));
    } finally {
      node.reconnect();
    }

    awaitZone("memcached-2", missed);
    awaitOrder();
  }

  @Test
  @Order(7)
  void aSinkThatWasCutOffTakesItsPartAgain() {
    Container sink = stack().container("sink-1");

    sink.cutOff();
    try {
      awaitZone("memcached-1", change("memcached-1"));
      awaitZone("memcached-2", change("memcached-2"));
      assertThat(sink.isRunning()).isTrue();
    } finally {
      sink.reconnect();
    }

    awaitOrder();
  }

  private static Stack stack() {
    if (running == null) {
      throw new IllegalStateException("there is no stack");
    }
    return running;
  }

  /** Asks for another zone for a pair that lies on this node; the stream makes the change. */
  private static String change(String node) {
    String zone = "Z" + ++changes;
    stack().zonecast("update", CARRIER, ORIGIN, destinationOn(node), zone).orFail();
    return zone;
  }

  private static void awaitZone(String node, String zone) {
    await(PATIENCE)
        .untilAsserted(() -> assertThat(zoneOf(destinationOn(node))).as(node).isEqualTo(zone));
  }

  /** What the cache has; empty for nothing, and for a node that does not answer. */
  private static String zoneOf(String destination) {
    return stack().zonecast("get", CARRIER, ORIGIN, destination).answer();
  }

  private static String destinationOn(String node) {
    return Objects.requireNonNull(DESTINATIONS.get(node), node);
  }

  /** Asks while every node is there: the answer names one, whether it has the zone yet or not. */
  private static void findDestinations() {
    for (int number = 6; DESTINATIONS.size() < 2; number++) {
      String destination = "%03d".formatted(number);
      String address = stack().json("get", CARRIER, ORIGIN, destination).get("node").asText();
      DESTINATIONS.putIfAbsent(address.replaceFirst(":.*", ""), destination);
    }
  }

  /** Both sinks have partitions, nothing waits, and every entry is as the topic has it. */
  private static void awaitOrder() {
    await(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode lag = stack().json("lag");
              assertThat(lag.get("verdict").asText()).as("%s", lag).isEqualTo("CAUGHT_UP");
              Set<String> members = new TreeSet<>();
              lag.get("partitions").forEach(each -> members.add(each.get("member").asText()));
              assertThat(members).as("%s", lag).hasSize(2);
            });
    await(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode verified = stack().json("verify");
              assertThat(verified.get("equal").asBoolean()).as("%s", verified).isTrue();
              assertThat(verified.get("complete").asBoolean()).as("%s", verified).isTrue();
              int checked = 0;
              for (JsonNode node : verified.get("nodes")) {
                checked += node.get("checked").asInt();
              }
              assertThat(checked).as("%s", verified).isEqualTo(Stack.ROWS);
            });
  }

  private static HttpResponse<String> get(URI page) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(10)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(page + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(page + ": interrupted", e);
    }
  }

  private static ConditionFactory await(Duration atMost) {
    return Awaitility.await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(500))
        .pollDelay(Duration.ZERO);
  }
}
