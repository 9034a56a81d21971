package io.zonecast.sink.fill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * The memory that parts of fills take: at most twice what one may take, so that the largest can be
 * read while another is being sent, and smaller ones further ahead. For the replay's thread; parts
 * are released on any.
 *
 * <p>A part's memory is kept until all its targets have released it. A target that so keeps others
 * waiting is put off, and reads for itself later: one node's pace is never another's.
 */
public final class FoldMemory {
  /** What memory is counted in, so that a terabyte of it is a number of permits. */
  private static final int UNIT_BYTES = 1 << 16;

  /** Nodes of one kind differ by less. */
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
  Lease acquire(List<FillTarget> targets) throws InterruptedException {
    while (!free.tryAcquire(mostUnits, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      delivered.removeIf(each -> each.part.isReleased());
      Set<FillTarget> slow = delivered.stream().map(Delivered::target).collect(Collectors.toSet());
      if (slow.containsAll(targets)) {
        continue;
      }
      targets.removeAll(slow);
      slow.forEach(FoldMemory::putOff);
    }
    return new Lease();
  }

  private static void putOff(FillTarget target) {
    target.failed(
        new KafkaException(
            "partition %d: takes its fill more slowly than other nodes, and is filled by itself"
                .formatted(target.partition())));
  }

  /** The memory of one part: first all that it may take, then what it does. */
  final class Lease implements AutoCloseable {
    private int units = mostUnits;

    Fold newFold(long hashFloor) {
      return new Fold(maxFoldBytes, hashFloor);
    }

    /**
     * Gives back what the fold does not take.
     *
     * @return gives back the rest, once all targets are done
     */
    Runnable keep(Fold fold) {
      int kept = Math.min(unitsOf(fold.bytes()), mostUnits);
      free.release(units - kept);
      units = kept;
      return () -> free.release(kept);
    }

    /** Hands the part to its targets, and the memory that it takes with it. */
    void deliver(FoldPart part, List<FillTarget> targets) {
      units = 0;
      delivered.removeIf(each -> each.part.isReleased());
      for (FillTarget target : targets) {
        FoldPart its = part.forOneTarget();
        delivered.add(new Delivered(target, its));
        target.deliver(its);
      }
    }

    @Override
    public void close() {
      free.release(units);
    }
  }
}
