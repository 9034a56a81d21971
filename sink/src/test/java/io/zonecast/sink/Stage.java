package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.LagReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A topic, a pool of nodes, and the one question that matters: are they equal? */
final class Stage implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);

  private final TestTopic topic;
  private final List<MemcachedNode> nodes = new ArrayList<>();

  Stage(int partitions, int nodes) {
    this(new TestTopic(Servers.shared().broker().bootstrapServers(), partitions), nodes);
  }

  /** With a topic of this name, which is to be nobody else's. */
  static Stage named(String topic, int partitions, int nodes) {
    String bootstrapServers = Servers.shared().broker().bootstrapServers();
    return new Stage(new TestTopic(bootstrapServers, topic, partitions), nodes);
  }

  Stage(TestTopic topic, int nodes) {
    this.topic = topic;
    for (int i = 0; i < nodes; i++) {
      add();
    }
  }

  TestTopic topic() {
    return topic;
  }

  MemcachedNode node(int index) {
    return nodes.get(index);
  }

  /** A further node, behind the others. */
  MemcachedNode add(String... options) {
    MemcachedNode node = Servers.shared().memcached(options);
    nodes.add(node);
    return node;
  }

  /** Takes the last node out of the pool and ends it. */
  void removeLast() {
    nodes.remove(nodes.size() - 1).close();
  }

  /** The nodes themselves, which is where a sink sees its own address in their lists. */
  List<String> addresses() {
    return nodes.stream().map(node -> node.direct().address()).toList();
  }

  /** The nodes through links that can fail. */
  List<String> links() {
    return nodes.stream().map(MemcachedNode::address).toList();
  }

  RunningSink start() {
    return start(settings -> settings);
  }

  RunningSink start(UnaryOperator<SinkSettings> change) {
    return RunningSink.start(topic, group(), addresses(), change);
  }

  RunningSink startThroughLinks() {
    return RunningSink.start(topic, group(), links());
  }

  String group() {
    return topic.name() + "-sink";
  }

  RawMemcached raw(int node) {
    return new RawMemcached(nodes.get(node).direct());
  }

  /** What {@code lag} says, from the outside. */
  LagReport lag() {
    return new LagProbe(topic.admin(), topic.plain()::consumer, topic.name(), group(), look())
        .look(false);
  }

  /** The nodes as {@code lag} sees them. */
  CacheNodes look() {
    SinkSettings settings = RunningSink.settings(topic, group(), addresses());
    return new CacheNodes(settings.nodes(), group(), topic.name(), settings.writtenWith());
  }

  /** The index of the node that a record's key lives on. */
  int nodeOf(String key) {
    Placement placement =
        PlacementScheme.MODULO.place(addresses().stream().map(NodeAddress::parse).toList());
    return placement.nodeFor((RunningSink.PREFIX + key).getBytes(StandardCharsets.UTF_8));
  }

  /** A key of the rows that {@link TestTopic#setMany} sets, on a node. */
  String keyOn(int node, int nth) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; keys.size() <= nth; i++) {
      String key = "usps:%03d:%03d".formatted(i / 1000, i % 1000);
      if (nodeOf(key) == node) {
        keys.add(key);
      }
    }
    return keys.get(nth);
  }

  void awaitEqual(RunningSink sink) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              assertThat(sink.end()).as("the sink runs").isNotDone();
              assertThat(sink.status().isInStep()).as("%s", sink.status()).isTrue();
              assertThat(differences()).isEmpty();
            });
  }

  /** The first few keys on which a node differs from what the topic wants there. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (int node = 0; node < nodes.size() && differences.size() < 5; node++) {
      Map<String, String> cached = raw(node).entries(RunningSink.PREFIX);
      Map<String, String> expected = new TreeMap<>(topic.expected());
      int its = node;
      expected.keySet().removeIf(key -> nodeOf(key) != its);
      var keys = new TreeSet<>(expected.keySet());
      keys.addAll(cached.keySet());
      keys.removeIf(key -> Objects.equals(expected.get(key), cached.get(key)));
      keys.stream()
          .limit(5)
          .map(
              key ->
                  "node %d, %s: topic %s, cache %s"
                      .formatted(its, key, expected.get(key), cached.get(key)))
          .forEach(differences::add);
    }
    return differences;
  }

  int cachedEntries() {
    int entries = 0;
    for (int node = 0; node < nodes.size(); node++) {
      entries += raw(node).entries(RunningSink.PREFIX).size();
    }
    return entries;
  }

  @Override
  public void close() {
    topic.close();
    nodes.forEach(MemcachedNode::close);
  }
}
