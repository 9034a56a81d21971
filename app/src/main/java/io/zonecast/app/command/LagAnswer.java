package io.zonecast.app.command;

import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Console.Colour;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionLag;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lag report as text. */
public final class LagAnswer {
  private LagAnswer() {}

  public static void print(LagReport report, Console console) {
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
          count(lag.offsets().committed()),
          count(lag.offsets().end()),
          count(counted ? lag.behindRecords() : lag.behindRecordsAtMost()),
          time(lag.behindFor()),
          lag.offsets().perSecond() == null
              ? null
              : count(Math.round(lag.offsets().perSecond())) + "/s",
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
      NodeStats stats = node.stats();
      nodes.row(
          node.node(),
          node.standing(),
          count(node.behindRecordsAtMost()),
          node.checkpointAge() == null ? null : time(node.checkpointAge()) + " ago",
          stats == null ? null : count(stats.entries()),
          stats == null ? null : Figures.bytes(stats.bytes()),
          stats == null ? null : Figures.bytes(stats.limitBytes()),
          stats == null ? null : count(stats.evictions()));
    }
    return nodes;
  }

  private static @Nullable String count(@Nullable Long number) {
    return number == null ? null : Figures.count(number);
  }

  private static @Nullable String time(@Nullable Duration time) {
    return time == null ? null : Figures.time(time);
  }
}
