package io.zonecast.bench.heal;

import io.zonecast.bench.updates.Latencies;
import io.zonecast.sink.verify.EntryKind;
import io.zonecast.sink.verify.NodeVerification;
import io.zonecast.sink.verify.VerifyReport;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What one incident did.
 *
 * @param lostAfterMillis when the sink said that something was wrong with the node, from the
 *     incident's beginning; empty if it said nothing
 * @param noticedAfter when it had claimed the node anew, from when the node was back
 * @param fullAfter when the node held every row again, from when it was back
 * @param verified what comparing every entry with the topic said then
 * @param struck the latency of the struck node's updates: before, during and after
 * @param other the same of the other node
 */
record Healing(
    Incident incident,
    OptionalLong lostAfterMillis,
    Duration noticedAfter,
    Duration fullAfter,
    VerifyReport verified,
    List<Latencies.Summary> struck,
    List<Latencies.Summary> other) {

  /** Entries that were not as the topic has them. */
  long differences() {
    return verified.nodes().stream().mapToLong(NodeVerification::differences).sum();
  }

  long checked() {
    return verified.nodes().stream().mapToLong(node -> node.count(EntryKind.CHECKED)).sum();
  }

  /** The other node's 99th percentile during the incident, beside that of before. */
  double otherP99Ratio() {
    return other.get(1).p99() / other.get(0).p99();
  }
}
