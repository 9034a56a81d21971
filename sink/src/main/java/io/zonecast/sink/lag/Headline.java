package io.zonecast.sink.lag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A report in one line. */
final class Headline {
  private final LagReport report;

  Headline(LagReport report) {
    this.report = report;
  }

  String text() {
    return report.group() + ": " + report.verdict().words() + detail() + asides();
  }

  private String detail() {
    Duration left = report.left();
    return switch (report.verdict()) {
      case CAUGHT_UP -> "";
      case CATCHING_UP -> left == null ? "" : ", about " + roughly(left) + " left";
      case STALLED -> stalled();
      case NO_SINK -> ": no member in the group" + bound();
      case NEVER_RAN -> ": nothing was ever committed for topic " + report.topic();
    };
  }

  private String bound() {
    if (report.partitions().stream().anyMatch(p -> p.behindRecordsAtMost() == null)) {
      return "";
    }
    long atMost =
        report.partitions().stream()
            .mapToLong(p -> Objects.requireNonNull(p.behindRecordsAtMost()))
            .sum();
    return atMost == 0
        ? ", and nothing to do"
        : ", behind by at most " + atMost + (atMost == 1 ? " record" : " records");
  }

  private String stalled() {
    List<PartitionLag> stuck =
        report.partitions().stream().filter(p -> p.state() == PartitionState.STALLED).toList();
    if (stuck.isEmpty()) {
      return "";
    }
    Duration longest = stuck.get(0).behindFor();
    String where =
        stuck.stream().map(p -> Integer.toString(p.partition())).collect(Collectors.joining(", "));
    return (longest == null ? "" : " for " + roughly(longest))
        + (stuck.size() == 1 ? " on partition " : " on partitions ")
        + where;
  }

  private String asides() {
    List<String> asides = new ArrayList<>();
    for (PartitionLag partition : report.partitions()) {
      if (partition.state() == PartitionState.HELD) {
        asides.add(
            "partition "
                + partition.partition()
                + " is HELD by an open transaction"
                + (partition.heldBy() == null ? "" : " of " + partition.heldBy()));
      }
    }
    for (NodeLag node : report.nodes()) {
      if (node.state() != NodeState.IN_STEP) {
        asides.add("node " + node.node() + " is " + node.state().words());
      }
      // However full it is: an eviction is a missing zone, and no fill brings it back for good.
      if (node.detail() != null) {
        asides.add(node.detail());
      }
    }
    return asides.isEmpty() ? "" : "; " + String.join("; ", asides);
  }

  /** In the largest unit that fits: nobody acts on the seconds of an hour. */
  private static String roughly(Duration time) {
    if (time.toHours() >= 48) {
      return time.toDays() + " d";
    }
    if (time.toMinutes() >= 120) {
      return time.toHours() + " h";
    }
    if (time.toSeconds() >= 120) {
      return time.toMinutes() + " m";
    }
    return Math.max(1, Math.round(time.toMillis() / 1_000.0)) + " s";
  }
}
