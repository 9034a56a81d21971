package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sink on a real broker and real memcached nodes: every node equals the topic. */
class SinkIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Servers servers = Servers.shared();
  private TestTopic topic;
  private MemcachedNode a;
  private MemcachedNode b;

  @BeforeEach
  void makeTopicAndNodes() {
    topic = new TestTopic(servers.broker().bootstrapServers(), 3);
    a = servers.memcached();
    b = servers.memcached();
  }

  @AfterEach
  void closeThem() {
    topic.close();
    a.close();
    b.close();
  }

  @Test
  void aFreshPoolIsFilledFromTheBeginning() {
    topic.setMany(5_000, "2");
    topic.set("usps:005:006", "A");
    topic.remove("usps:000:001");

    try (var sink = start("g")) {
      awaitEqual(sink);
    }
  }

  @Test
  void liveRecordsArrive() {
    topic.setMany(100, "2");
    try (var sink = start("g")) {
      awaitEqual(sink);

      topic.set("usps:000:005", "9");
      topic.remove("usps:000:006");
      topic.set("usps:777:006", "3");

      awaitEqual(sink);
    }
  }

  @Test
  void aWipedNodeIsFilledAgain() {
    topic.setMany(3_000, "2");
    try (var sink = start("g")) {
      awaitEqual(sink);

      new RawMemcached(a.host(), a.port()).flushAll();

      awaitEqual(sink);
    }
  }

  @Test
  void aNodeRestartedEmptyIsFilledAgain() {
    topic.setMany(3_000, "2");
    try (var sink = start("g")) {
      awaitEqual(sink);

      a.restartEmpty();
      topic.set("usps:000:005", "9");

      awaitEqual(sink);
    }
  }

  @Test
  void aRestartedSinkGoesOnWhereItStopped() {
    topic.setMany(1_000, "2");
    try (var sink = start("g")) {
      awaitEqual(sink);
    }
    topic.set("usps:000:005", "9");

    try (var sink = start("g")) {
      awaitEqual(sink);
      assertThat(sink.status().entries()).isLessThan(10);
    }
  }

  private RunningSink start(String group) {
    return RunningSink.start(topic, topic.name() + group, List.of(a.address(), b.address()));
  }

  private void awaitEqual(RunningSink sink) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              assertThat(sink.end()).as("the sink runs").isNotDone();
              assertThat(differences()).isEmpty();
              assertThat(sink.status().isInStep()).as("%s", sink.status()).isTrue();
            });
  }

  /** The first few keys on which cache and topic differ. */
  private List<String> differences() {
    Map<String, String> cached = cached();
    Map<String, String> expected = topic.expected();
    var keys = new TreeSet<>(expected.keySet());
    keys.addAll(cached.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(expected.get(key), cached.get(key)))
        .map(key -> key + ": topic " + expected.get(key) + ", cache " + cached.get(key))
        .limit(5)
        .toList();
  }

  private Map<String, String> cached() {
    Map<String, String> all = new TreeMap<>();
    for (MemcachedNode node : List.of(a, b)) {
      all.putAll(new RawMemcached(node.host(), node.port()).entries(RunningSink.PREFIX));
    }
    return all;
  }
}
