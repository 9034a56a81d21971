package io.zonecast.app.command;

import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionLag;
import io.zonecast.sink.lag.PartitionState;
import io.zonecast.sink.lag.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Says why nodes that are waited for get nothing: once, and again when the reason is another one.
 */
public final class StallNotice {
  /** A sink that fills writes down how far it is many times in this. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Supplier<LagReport> look;
  private final Consumer<String> say;
  private final LongSupplier nanoTime;
  private List<Progress> last = List.of();
  private @Nullable Object said;
  private long sinceNanos;

  /** What moves as a node gets something. */
  private record Progress(@Nullable Double filled, @Nullable Long behind) {}

  /** What makes another headline than time does. */
  private record Reason(
      Verdict verdict,
      List<PartitionState> partitions,
      List<NodeState> nodes,
      List<String> details) {
    static Reason of(LagReport report) {
      return new Reason(
          report.verdict(),
          report.partitions().stream().map(PartitionLag::state).toList(),
          report.nodes().stream().map(NodeLag::state).toList(),
          report.nodes().stream().map(node -> String.valueOf(node.detail())).toList());
    }
  }

  /**
   * @param look how far behind the sinks are, whose headline is the reason
   */
  public StallNotice(Supplier<LagReport> look, Consumer<String> say, LongSupplier nanoTime) {
    this.look = look;
    this.say = say;
    this.nanoTime = nanoTime;
    this.sinceNanos = nanoTime.getAsLong();
  }

  /** The nodes were looked at; says why, if they have been the same for too long. */
  void seen(List<NodeLag> nodes) {
    List<Progress> now =
        nodes.stream()
            .map(node -> new Progress(node.filled(), node.behindRecordsAtMost()))
            .toList();
    if (!now.equals(last)) {
      last = now;
      said = null;
      sinceNanos = nanoTime.getAsLong();
    } else if (nanoTime.getAsLong() - sinceNanos >= PATIENCE.toNanos()) {
      sayWhy();
      sinceNanos = nanoTime.getAsLong();
    }
  }

  private void sayWhy() {
    String why;
    Object reason;
    try {
      LagReport report = look.get();
      why = report.headline() + (namesCause(report) ? "" : ", and the cause is unknown");
      reason = Reason.of(report);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      // Fatal or not is decided where Kafka is needed; this is only an explanation.
      why = "the cause is unknown, since Kafka does not say: " + e.getMessage();
      reason = String.valueOf(e.getMessage());
    }
    if (!reason.equals(said)) {
      said = reason;
      say.accept(
          "zonecast: nothing has moved for %d s, and is waited for on: %s"
              .formatted(PATIENCE.toSeconds(), why));
    }
  }

  /** Whether the headline says more than that all is well or goes on. */
  private static boolean namesCause(LagReport report) {
    return switch (report.verdict()) {
      case STALLED, NO_SINK, NEVER_RAN -> true;
      case CAUGHT_UP, CATCHING_UP ->
          report.partitions().stream().anyMatch(each -> each.state() == PartitionState.HELD)
              || report.nodes().stream().anyMatch(node -> node.state() == NodeState.DOWN);
    };
  }
}
