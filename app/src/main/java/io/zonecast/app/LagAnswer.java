package io.zonecast.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Console.Colour;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionLag;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A lag report as text and as JSON, whose keys are a contract. */
final class LagAnswer {
  private LagAnswer() {}

  static void print(LagReport report, Console console) {
    PrintStream out = console.out();
    out.println(console.coloured(report.headline(), colour(report)));
    boolean counted = report.partitions().stream().anyMatch(p -> p.behindRecords() != null);
    Table partitions =
        new Table()
            .column("PARTITION", Side.RIGHT)
            .column("COMMITTED", Side.RIGHT)
            .column("END", Side.RIGHT)
            .column(counted ? "RECORDS BEHIND" : "RECORDS AT MOST", Side.RIGHT)
            .column("TIME BEHIND", Side.RIGHT)
            .column("RATE", Side.RIGHT)
            .column("STATE", Side.LEFT)
            .column("MEMBER", Side.LEFT);
    for (PartitionLag lag : report.partitions()) {
      partitions.row(
          Integer.toString(lag.partition()),
          count(lag.committed()),
          count(lag.end()),
          count(counted ? lag.behindRecords() : lag.behindRecordsAtMost()),
          time(lag.behindFor()),
          lag.offsetsPerSecond() == null ? null : count(Math.round(lag.offsetsPerSecond())) + "/s",
          lag.state().words() + (lag.heldBy() == null ? "" : " by " + lag.heldBy()),
          lag.member());
    }
    partitions.print(out);
    if (!report.nodes().isEmpty()) {
      out.println();
      nodes(report).print(out);
    }
  }

  private static Colour colour(LagReport report) {
    return switch (report.verdict()) {
      // A node that evicted lacks zones, however well the sink keeps up.
      case CAUGHT_UP ->
          report.nodes().stream().allMatch(node -> node.state() == NodeState.IN_STEP)
              ? Colour.GOOD
              : Colour.BAD;
      case CATCHING_UP -> Colour.BUSY;
      case STALLED, NO_SINK, NEVER_RAN -> Colour.BAD;
    };
  }

  private static Table nodes(LagReport report) {
    Table nodes =
        new Table()
            .column("NODE", Side.LEFT)
            .column("STATE", Side.LEFT)
            .column("RECORDS AT MOST", Side.RIGHT)
            .column("CHECKPOINT", Side.RIGHT)
            .column("ENTRIES", Side.RIGHT)
            .column("BYTES", Side.RIGHT)
            .column("OF", Side.RIGHT)
            .column("EVICTIONS", Side.RIGHT);
    for (NodeLag node : report.nodes()) {
      nodes.row(
          node.node(),
          node.standing(),
          count(node.behindRecordsAtMost()),
          node.checkpointAge() == null ? null : time(node.checkpointAge()) + " ago",
          count(node.entries()),
          bytes(node.bytes()),
          bytes(node.limitBytes()),
          count(node.evictions()));
    }
    return nodes;
  }

  static ObjectNode json(LagReport report) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("time", report.at().toString());
    document.put("group", report.group());
    document.put("topic", report.topic());
    document.put("verdict", report.verdict().name());
    document.put("headline", report.headline());
    document.put("since", time(report.since()));
    document.put("secondsLeft", seconds(report.left()));
    document.put("behindSeconds", seconds(report.behindFor()));
    ArrayNode partitions = document.putArray("partitions");
    for (PartitionLag lag : report.partitions()) {
      ObjectNode partition = partitions.addObject();
      partition.put("partition", lag.partition());
      partition.put("committed", lag.committed());
      partition.put("end", lag.end());
      partition.put("behindRecordsAtMost", lag.behindRecordsAtMost());
      partition.put("behindRecords", lag.behindRecords());
      partition.put("behindSeconds", seconds(lag.behindFor()));
      partition.put("offsetsPerSecond", lag.offsetsPerSecond());
      partition.put("state", lag.state().name());
      partition.put("member", lag.member());
      partition.put("heldBy", lag.heldBy());
    }
    ArrayNode nodes = document.putArray("nodes");
    for (NodeLag lag : report.nodes()) {
      ObjectNode node = nodes.addObject();
      node.put("node", lag.node());
      node.put("state", lag.state().name());
      node.put("since", time(lag.since()));
      node.put("filled", lag.filled());
      node.put("secondsLeft", seconds(lag.left()));
      node.put("behindRecordsAtMost", lag.behindRecordsAtMost());
      node.put("checkpointAgeSeconds", seconds(lag.checkpointAge()));
      node.put("entries", lag.entries());
      node.put("bytes", lag.bytes());
      node.put("limitBytes", lag.limitBytes());
      node.put("evictions", lag.evictions());
      node.put("detail", lag.detail());
    }
    return document;
  }

  private static @Nullable String count(@Nullable Long number) {
    return number == null ? null : Figures.count(number);
  }

  private static @Nullable String bytes(@Nullable Long number) {
    return number == null ? null : Figures.bytes(number);
  }

  private static @Nullable String time(@Nullable Duration time) {
    return time == null ? null : Figures.time(time);
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable Double seconds(@Nullable Duration time) {
    return time == null ? null : Figures.seconds(time);
  }
}
