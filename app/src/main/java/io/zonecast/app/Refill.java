package io.zonecast.app;

import io.zonecast.app.terminal.Progress;
import io.zonecast.sink.Sink;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.NodeLag;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;

/**
 * Waits until nodes have everything below a watermark, by what the nodes themselves remember: so it
 * does not matter which process fills them.
 */
final class Refill {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final CacheNodes nodes;
  private final Uuid topicId;
  private final Map<Integer, Long> watermarks;

  /**
   * @param watermarks for each partition, the offset below which all is to be there
   */
  Refill(CacheNodes nodes, Uuid topicId, Map<Integer, Long> watermarks) {
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
  List<NodeLag> watch(Progress progress, BooleanSupplier anybodyThere)
      throws IOException, InterruptedException {
    progress.expect(100);
    while (true) {
      List<NodeLag> looked = nodes.look(topicId, watermarks);
      progress.reach(percent(looked));
      if (looked.stream().allMatch(Refill::isThere)) {
        return looked;
      }
      if (!anybodyThere.getAsBoolean()) {
        throw new IOException(
            "the last sink has left before the nodes were filled; start one, or run rebuild again");
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  /** Fills by a sink of our own, which ends with the fill. */
  List<NodeLag> run(Progress progress, Sink sink, Shutdown shutdown)
      throws IOException, InterruptedException {
    FutureTask<Void> running =
        new FutureTask<>(
            () -> {
              sink.run();
              return null;
            });
    Thread thread = new Thread(running, "zonecast-sink");
    thread.start();
    shutdown.onSignal(sink::close);
    List<NodeLag> filled;
    try {
      filled = watch(progress, () -> !running.isDone());
    } catch (IOException e) {
      throwCauseOf(running);
      throw new IOException("stopped before the nodes were filled; run rebuild again", e);
    } finally {
      sink.close();
      thread.join();
    }
    throwCauseOf(running);
    return filled;
  }

  private static void throwCauseOf(FutureTask<Void> ended) throws InterruptedException {
    try {
      ended.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static boolean isThere(NodeLag node) {
    Long behind = node.behindRecordsAtMost();
    return behind != null && behind == 0;
  }

  private static long percent(List<NodeLag> nodes) {
    double sum = 0;
    for (NodeLag node : nodes) {
      Double filled = node.filled();
      sum += isThere(node) ? 1 : filled == null ? 0 : filled;
    }
    return Math.round(100 * sum / nodes.size());
  }
}
