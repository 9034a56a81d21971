package io.zonecast.sink.status;

import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionLag;
import io.zonecast.sink.lag.PartitionState;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What sinks and groups say of themselves, for tests of what is made of it. */
final class Reports {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  static final WaitNote AT_7 = new WaitNote(7, "schema id 12 is not known");

  private Reports() {}

  static LagReport group(
      Verdict verdict, @Nullable Duration left, PartitionLag partition, NodeLag... nodes) {
    return new LagReport(
        "g", "zones", NOON, verdict, null, left, List.of(partition), List.of(nodes));
  }

  static PartitionLag partition(
      PartitionState state, @Nullable Long behind, @Nullable Duration time) {
    return new PartitionLag(
        3, new PartitionLag.Offsets(90L, 100, null), behind, null, time, state, "m", null);
  }

  static PartitionLag caughtUp() {
    return partition(PartitionState.CAUGHT_UP, 0L, Duration.ZERO);
  }

  static NodeLag node(String name, NodeState state) {
    return new NodeLag(name, state, null, null, null, null, null, null);
  }

  static SinkStatus sink(NodeStatus... nodes) {
    return new SinkStatus(true, Set.of(3), List.of(nodes), Map.of());
  }

  static SinkStatus waiting(WaitNote at) {
    return new SinkStatus(true, Set.of(3), List.of(), Map.of(3, at));
  }

  static NodeStatus node(
      String name, NodeStatus.State state, @Nullable Duration left, String detail) {
    boolean live = state == NodeStatus.State.IN_STEP || state == NodeStatus.State.DEGRADED;
    Set<Integer> inStep = live ? Set.of(3) : Set.of();
    return new NodeStatus(
        name, state, NOON, new NodeStatus.Lanes(1, inStep, 0.5, null), left, null, detail);
  }

  static NodeStatus node(String name, NodeStatus.State state) {
    return node(name, state, null, "");
  }
}
