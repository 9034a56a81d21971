package io.zonecast.bench.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import io.zonecast.sink.checkpoint.Checkpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads a pool's checkpoints from one node, past every link. They say what the node holds; a sink's
 * own status only says what the sink believes.
 */
public final class CheckpointWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final MemcachedServer node;
  private final List<String> keys;
  private List<Optional<Checkpoint>> before = List.of();

  /**
   * How a node's checkpoints recovered after a fault of the node.
   *
   * @param noticedNanos when a sink had noticed: the first checkpoint was claimed again
   * @param fullNanos when all were live, at the offsets asked for
   */
  public record Seen(long noticedNanos, long fullNanos) {}

  /** Looks at nothing yet. */
  public CheckpointWatch(MemcachedServer node, BenchPool pool) {
    this.node = node;
    this.keys = pool.checkpointKeys();
  }

  /** Remembers who holds the checkpoints now. */
  public void remember() throws IOException {
    try (PlainClient client = PlainClient.open(node, TIMEOUT)) {
      before = read(client);
    }
  }

  /**
   * Waits until every partition has been claimed since {@link #remember}, after a wipe or over
   * another connection, and is live at {@code ends} or further.
   *
   * @param ends by partition
   */
  public Seen awaitFull(long[] ends, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean[] renewed = new boolean[keys.size()];
    long noticed = 0;
    try (PlainClient client = PlainClient.open(node, TIMEOUT)) {
      while (System.nanoTime() < deadline) {
        List<Optional<Checkpoint>> now = read(client);
        long nanos = System.nanoTime();
        boolean full = true;
        for (int partition = 0; partition < keys.size(); partition++) {
          Optional<Checkpoint> there = now.get(partition);
          boolean claimed = there.isPresent() && isRenewed(partition, there.get());
          // A wipe leaves nothing; it takes a claim to say that a sink knows.
          renewed[partition] |= claimed || there.isEmpty();
          noticed = noticed == 0 && claimed ? nanos : noticed;
          full &= renewed[partition] && isLiveAt(there, ends[partition]);
        }
        if (full) {
          return new Seen(noticed == 0 ? nanos : noticed, nanos);
        }
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
      }
      throw new IllegalStateException(
          "node %s is not full after %s; its checkpoints: %s"
              .formatted(node.address(), limit, read(client)));
    }
  }

  private boolean isRenewed(int partition, Checkpoint there) {
    return there.state() == Checkpoint.State.FILLING
        || before.isEmpty()
        || !before.get(partition).map(Checkpoint::conn).equals(Optional.of(there.conn()));
  }

  private static boolean isLiveAt(Optional<Checkpoint> there, long end) {
    return there
        .filter(it -> it.state() == Checkpoint.State.LIVE && it.nextOffset() >= end)
        .isPresent();
  }

  private List<Optional<Checkpoint>> read(PlainClient client) throws IOException {
    Map<String, String> values = client.get(keys);
    List<Optional<Checkpoint>> checkpoints = new ArrayList<>();
    for (String key : keys) {
      checkpoints.add(
          Optional.ofNullable(values.get(key))
              .flatMap(text -> Checkpoint.decode(text.getBytes(US_ASCII))));
    }
    return checkpoints;
  }
}
