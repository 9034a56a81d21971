package io.zonecast.sink.status;

import io.zonecast.monitor.Contact;
import io.zonecast.monitor.Health;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.node.NodeStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the sink has joined its group and that all of its partitions are in step, by the rule
 * of the page, {@code lag} and the metrics. While a node is down or is filled again, the sink is
 * not ready. A restart depends on {@code /livez}, not on this.
 */
final class Readiness implements Health {
  private final Supplier<SinkStatus> status;
  private final String group;
  private final Contact kafka;
  private final InstantSource clock;
  private @Nullable Instant since;

  Readiness(Supplier<SinkStatus> status, String group, Contact kafka, InstantSource clock) {
    this.status = status;
    this.group = group;
    this.kafka = kafka;
    this.clock = clock;
  }

  @Override
  public synchronized Answer check() {
    SinkStatus now = status.get();
    String trouble = trouble(now);
    if (!trouble.isEmpty()) {
      since = null;
      return Answer.failing(trouble);
    }
    if (keepsNothing(now)) {
      // This says nothing about the partitions of other members.
      since = null;
      return Answer.ok("no partition is this sink's; " + kafka.words());
    }
    Instant caughtUp = since == null ? clock.instant() : since;
    since = caughtUp;
    return Answer.ok("caught up at " + caughtUp + "; " + kafka.words());
  }

  private String trouble(SinkStatus now) {
    if (kafka.isLost()) {
      return kafka.words();
    }
    if (!now.waiting().isEmpty()) {
      return String.join("; ", now.waitingWords());
    }
    return keepsNothing(now) || now.isInStep() ? "" : whatIsMissing(now);
  }

  private static boolean keepsNothing(SinkStatus now) {
    return now.joined() && now.partitions().isEmpty();
  }

  private String whatIsMissing(SinkStatus now) {
    if (!now.joined()) {
      return "has not joined group " + group + " yet";
    }
    return now.nodes().stream()
        .filter(node -> !node.lanes().inStep().containsAll(now.partitions()))
        .map(node -> missing(node, now.partitions()))
        .collect(Collectors.joining("; ", "", ""))
        .transform(nodes -> nodes.isEmpty() ? "partitions are being taken over" : nodes);
  }

  private static String missing(NodeStatus node, Set<Integer> partitions) {
    return "node %s is %s, %d of %d partitions in step%s"
        .formatted(
            node.node(),
            node.state().words(),
            partitions.stream().filter(node.lanes().inStep()::contains).count(),
            partitions.size(),
            node.detail().isEmpty() ? "" : ": " + node.detail());
  }
}
