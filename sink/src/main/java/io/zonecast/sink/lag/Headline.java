package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A report in one line. */
record Headline(LagReport report) {

  String text() {
    return report.group() + ": " + report.verdict().words() + detail() + asides();
  }

  private String detail() {
    Duration left = report.left();
    return switch (report.verdict()) {
      case CAUGHT_UP -> "";
      case CATCHING_UP -> left == null ? "" : ", about " + Spent.roughly(left) + " left";
      case STALLED -> stalled();
      case NO_SINK -> atMost() + ": no member in the group" + bound();
      case NEVER_RAN -> ": nothing was ever committed for topic " + report.topic();
    };
  }

  /** The last sign of life, which comes once a minute at least. */
  private String atMost() {
    Instant since = report.since();
    return since == null ? "" : " for at most " + Spent.roughly(Spent.between(since, report.at()));
  }

  private String bound() {
    Long atMost = report.behindRecordsAtMost();
    if (atMost == null) {
      return "";
    }
    return atMost == 0
        ? ", and nothing to do"
        : ", behind by at most " + atMost + (atMost == 1 ? " record" : " records");
  }

  private String stalled() {
    Instant since = report.since();
    String time = since == null ? "" : " for " + Spent.roughly(Spent.between(since, report.at()));
    List<PartitionLag> stuck =
        report.partitions().stream().filter(p -> p.state() == PartitionState.STALLED).toList();
    if (stuck.isEmpty()) {
      return time;
    }
    String where =
        stuck.stream().map(p -> Integer.toString(p.partition())).collect(Collectors.joining(", "));
    return time + (stuck.size() == 1 ? " on partition " : " on partitions ") + where;
  }

  private String asides() {
    List<String> asides = new ArrayList<>();
    for (PartitionLag partition : report.partitions()) {
      if (partition.state() == PartitionState.HELD) {
        asides.add(
            "partition %s is HELD by an open transaction%s"
                .formatted(
                    partition.partition(),
                    partition.heldBy() == null ? "" : " of " + partition.heldBy()));
      }
    }
    for (NodeLag node : report.nodes()) {
      if (node.state() != NodeState.IN_STEP) {
        asides.add("node " + node.node() + " is " + node.standing());
      }
      // However full it is: an eviction is a missing zone, and no fill brings it back for good.
      // What several nodes wait for is said once.
      if (node.detail() != null && !asides.contains(node.detail())) {
        asides.add(node.detail());
      }
    }
    return asides.isEmpty() ? "" : "; " + String.join("; ", asides);
  }
}
