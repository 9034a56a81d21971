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
 * The memory that parts of fills take: at most twice what one may take, so that the largest can be
 * read while another is being sent, and smaller ones further ahead. For the replay's thread; parts
 * are released on any.
 *
 * <p>A part's memory is kept until all its targets have released it. A node that so keeps other
 * nodes waiting is put off, and is read for by itself later: one node's pace is never another's.
 */
public final class FoldMemory {
  /** What memory is counted in, so that a terabyte of it is a number of permits. */
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
   * All of it free.
   *
   * @param maxFoldBytes what one part may take
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

  /** Waits until a part may be read for {@code targets}; those that are put off leave the list. */
  PartMemory acquire(List<FillTarget> targets) throws InterruptedException {
    while (!free.tryAcquire(mostUnits, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      delivered.removeIf(each -> each.part.isReleased());
      // A node that is sent one partition has no better claim to the memory for its next one.
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

  /** The memory of one part: first all that it may take, then what it does. */
  final class PartMemory implements AutoCloseable {
    private int units = mostUnits;

    Fold newFold(long hashFloor) {
      return new Fold(maxFoldBytes, hashFloor);
    }

    /**
     * Hands the part to its targets, and with it the memory that it takes; the rest is free.
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
