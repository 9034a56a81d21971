package io.zonecast.app.command;

import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.sink.Sink;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.NodeLag;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;

/**
 * Waits until nodes have everything below a watermark, by what the nodes themselves remember: so it
 * does not matter which process fills them.
 */
public final class FillWait {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final CacheNodes nodes;
  private final Uuid topicId;
  private final Map<Integer, Long> watermarks;
  private final StallNotice stallNotice;

  /**
   * @param watermarks for each partition, the offset below which a node must have everything
   * @param stallNotice told of every look
   */
  public FillWait(
      CacheNodes nodes, Uuid topicId, Map<Integer, Long> watermarks, StallNotice stallNotice) {
    this.stallNotice = stallNotice;
    this.nodes = nodes;
    this.topicId = topicId;
    this.watermarks = Map.copyOf(watermarks);
  }

  /**
   * Watches others fill.
   *
   * @param anybodyThere whether there is still a sink that does
   * @throws IOException if there is none any more
   */
  public List<NodeLag> watch(ProgressDisplay progress, BooleanSupplier anybodyThere)
      throws IOException, InterruptedException {
    progress.expect(parts());
    while (true) {
      List<NodeLag> looked = look(progress);
      if (looked.stream().allMatch(NodeLag::hasAll)) {
        return looked;
      }
      if (!anybodyThere.getAsBoolean()) {
        throw new IOException(
            "the last sink left before the nodes were filled; start one, or run rebuild again");
      }
      pause();
    }
  }

  /** What {@link #look} counts: partitions of nodes. */
  long parts() {
    return (long) watermarks.size() * nodes.size();
  }

  /** Looks once at every node; shows how many parts are there, or says why nothing moves. */
  List<NodeLag> look(ProgressDisplay progress) {
    List<NodeLag> looked = nodes.against(watermarks, topicId, Instant.now());
    progress.reach(done(looked));
    if (!looked.stream().allMatch(NodeLag::hasAll)) {
      stallNotice.seen(looked);
    }
    return looked;
  }

  /** The nodes are the only ones to ask, since others may be filling them, and they do not call. */
  static void pause() throws InterruptedException {
    Thread.sleep(BETWEEN_LOOKS.toMillis());
  }

  /**
   * Fills by a sink of our own, which ends with the fill.
   *
   * @param refusal told by the sink of nodes that it does not fill
   * @throws MemoryRefusal.NodeTooSmallException if there is one
   */
  List<NodeLag> run(ProgressDisplay progress, Sink sink, MemoryRefusal refusal, Shutdown shutdown)
      throws IOException, InterruptedException {
    try (BackgroundSink running = BackgroundSink.start(sink)) {
      shutdown.onSignal(sink::close);
      return watch(
          progress,
          () -> {
            refusal.throwIfAny();
            return running.isRunning();
          });
    }
  }

  /** How many partitions of nodes are there. */
  private long done(List<NodeLag> looked) {
    double done = 0;
    for (NodeLag node : looked) {
      Double filled = node.filled();
      done += node.hasAll() ? 1 : filled == null ? 0 : filled;
    }
    return Math.round(done * watermarks.size());
  }
}
