package io.zonecast.sink.replay;

import static java.util.stream.Collectors.toSet;

import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of fills to twice the largest part, so that one part can be read while another
 * is sent, and smaller ones further ahead. For the replay's thread; any thread may release a part.
 *
 * <p>A part keeps its memory until all its targets have released it. A node that makes others wait
 * in this way is put off and filled by itself later, so that a slow node never slows another.
 */
public final class FoldMemory {
  /** The size of a permit, so that a terabyte is an int of permits. */
  private static final int UNIT_BYTES = 1 << 16;

  /** How long a fill waits for memory before the nodes that hold it are put off. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final long maxFoldBytes;
  private final Duration patience;
  private final int mostUnits;
  private final Semaphore free;
  private final List<Delivered> delivered = new ArrayList<>();

  private record Delivered(FillTarget target, FoldPart part) {}

  /**
   * @param maxFoldBytes the most that one part may take
   */
  public FoldMemory(long maxFoldBytes) {
    this(maxFoldBytes, PATIENCE);
  }

  FoldMemory(long maxFoldBytes, Duration patience) {
    this.maxFoldBytes = maxFoldBytes;
    this.patience = patience;
    this.mostUnits = unitsOf(maxFoldBytes);
    this.free = new Semaphore(2 * mostUnits);
  }

  private static int unitsOf(long bytes) {
    return Math.toIntExact(bytes / UNIT_BYTES + 1);
  }

  /** Waits for the memory of a part; removes the targets that it puts off from {@code targets}. */
  PartMemory acquire(List<FillTarget> targets) throws InterruptedException {
    while (!free.tryAcquire(mostUnits, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      delivered.removeIf(each -> each.part.isReleased());
      // A node that still takes one partition gets no memory for its next before the others.
      Set<Integer> busy = delivered.stream().map(its -> its.target.node()).collect(toSet());
      if (targets.stream().allMatch(target -> busy.contains(target.node()))) {
        continue;
      }
      delivered.stream().map(Delivered::target).distinct().forEach(FoldMemory::putOff);
      targets.stream().filter(target -> busy.contains(target.node())).forEach(FoldMemory::putOff);
      targets.removeIf(target -> busy.contains(target.node()));
    }
    return new PartMemory();
  }

  private static void putOff(FillTarget target) {
    target.failed(
        new KafkaException(
            "partition %d: takes its fill more slowly than other nodes, and is filled by itself"
                .formatted(target.partition())));
  }

  /** The memory of one part: all that it may take, once delivered what it takes. */
  final class PartMemory implements AutoCloseable {
    private int units = mostUnits;

    Fold newFold(long hashFloor) {
      return new Fold(maxFoldBytes, hashFloor);
    }

    /**
     * Hands the part with its memory to the targets, and frees the rest.
     *
     * @param waitsAt as {@link FoldPart#waitsAt}
     */
    void deliver(
        Fold fold,
        PartitionPosition end,
        boolean last,
        @Nullable WaitNote waitsAt,
        List<FillTarget> targets) {
      int kept = Math.min(unitsOf(fold.bytes()), mostUnits);
      free.release(units - kept);
      units = 0;
      var users = new AtomicInteger(targets.size());
      delivered.removeIf(each -> each.part.isReleased());
      for (FillTarget target : targets) {
        var part =
            new FoldPart(
                fold,
                end,
                last,
                waitsAt,
                () -> {
                  if (users.decrementAndGet() == 0) {
                    free.release(kept);
                  }
                });
        delivered.add(new Delivered(target, part));
        target.deliver(part);
      }
    }

    @Override
    public void close() {
      free.release(units);
    }
  }
}
