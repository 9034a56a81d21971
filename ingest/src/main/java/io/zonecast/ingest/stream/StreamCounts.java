package io.zonecast.ingest.stream;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many updates this process has read, and what became of them; of an update that is read again
 * after a failure, each time.
 */
public final class StreamCounts {
  private final LongAdder read = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder misplaced = new LongAdder();

  /**
   * The counts at one moment.
   *
   * @param read updates taken from the topic
   * @param written those that became records of the table
   * @param unchanged those that were dropped, as they changed nothing
   * @param rejected those that were put aside
   * @param repeated those that were dropped, as a stream had taken them before
   * @param misplaced records of the table on another partition than their key's
   */
  public record Snapshot(
      long read, long written, long unchanged, long rejected, long repeated, long misplaced) {}

  void read() {
    read.increment();
  }

  void written() {
    written.increment();
  }

  void unchanged() {
    unchanged.increment();
  }

  void rejected() {
    rejected.increment();
  }

  void repeated() {
    repeated.increment();
  }

  void misplaced() {
    misplaced.increment();
  }

  public Snapshot snapshot() {
    return new Snapshot(
        read.sum(),
        written.sum(),
        unchanged.sum(),
        rejected.sum(),
        repeated.sum(),
        misplaced.sum());
  }
}
