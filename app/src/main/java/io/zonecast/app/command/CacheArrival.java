package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.Watermarks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * When the nodes of a pool had all that the topic held at one moment.
 *
 * @param nodes how each stood at the last look
 * @param first after how long the first node had it; null if none did
 * @param waited after how long all nodes had it, or how long they were waited for
 */
record CacheArrival(List<NodeLag> nodes, @Nullable Duration first, Duration waited) {
  /** A node keeps a checkpoint of each partition, and all of them name the settings. */
  private static final int ANY_PARTITION = 0;

  CacheArrival {
    nodes = List.copyOf(nodes);
  }

  /**
   * Refuses settings with which nothing would be found, before there is anything to wait for.
   *
   * @throws io.zonecast.sink.checkpoint.SettingsDifferException if a node was written with others
   */
  static void requireAgreement(CacheSettings cache, String topic) {
    nodes(cache, topic).look(Uuid.ZERO_UUID, List.of(ANY_PARTITION));
  }

  /** Waits, by what the nodes themselves remember: it does not matter which sinks fill them. */
  static CacheArrival await(
      CacheSettings cache, TopicInfo topic, KafkaClients kafka, Duration patience, Console console)
      throws InterruptedException {
    long start = System.nanoTime();
    try (Admin admin = kafka.admin();
        ProgressDisplay progress =
            console.progress("waiting for the cache", "partitions of nodes")) {
      CacheNodes nodes = nodes(cache, topic.name());
      LagProbe lag = new LagProbe(admin, kafka::reader, topic.name(), cache.group(), nodes);
      FillWait wait =
          new FillWait(
              nodes,
              topic.topicId(),
              Watermarks.of(admin, topic, EndOffsets::high),
              new StallNotice(() -> lag.look(false), console::say, System::nanoTime));
      progress.expect(wait.parts());
      Duration first = null;
      while (true) {
        List<NodeLag> looked = wait.look(progress);
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (first == null && looked.stream().anyMatch(NodeLag::hasAll)) {
          first = waited;
        }
        if (looked.stream().allMatch(NodeLag::hasAll) || waited.compareTo(patience) >= 0) {
          return new CacheArrival(looked, first, waited);
        }
        FillWait.pause();
      }
    }
  }

  private static CacheNodes nodes(CacheSettings cache, String topic) {
    return new CacheNodes(cache.nodes(), cache.group(), topic, cache.writtenWith());
  }

  boolean isComplete() {
    return nodes.stream().allMatch(NodeLag::hasAll);
  }

  /** The end of a line about a publish. */
  String words() {
    return isComplete()
        ? "; in every cache after %s (first node %s)"
            .formatted(Figures.time(waited), Figures.time(Objects.requireNonNull(first)))
        : "; not in every cache after " + Figures.time(waited);
  }

  void addTo(ObjectNode document) {
    document.put("inEveryCache", isComplete());
    document.put("waitedSeconds", Figures.seconds(waited));
    document.put("firstNodeSeconds", first == null ? null : Figures.seconds(first));
  }

  /** The nodes that do not have it all, each with its state; empty if there is none. */
  String behind() {
    return nodes.stream()
        .filter(node -> !node.hasAll())
        .map(node -> "node %s is %s".formatted(node.node(), node.standing()))
        .collect(Collectors.joining("; "));
  }
}
