package io.zonecast.ingest.stream;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Bytes;

/**
 * Knows whether what a task holds of its partition of the table is current, so that an update that
 * is equal to it may be dropped. That is so for an update and its key if
 *
 * <ol>
 *   <li>no write of ours to the key is outstanding: each has been read back from the topic;
 *   <li>the table has read past the high watermark that was asked for after the update was polled.
 *       Whatever was written before the update was sent lies below that watermark.
 * </ol>
 *
 * <p>Our own writes need not have been read for the second: those to this key are excluded by the
 * first, and no other key's matters. So what the table has not read yet below the watermark must be
 * ours, record by record, by the offsets that the producer was told. Were they to count, a stream
 * that writes would always be behind itself: each repeat would make the next one look new.
 *
 * <p>A transaction's marker counts as another's, since no one tells us where ours lie; it is read
 * with the next poll. What is unknown is not current.
 *
 * <p>The stream's thread polls and processes, the producer's acknowledges, the admin's answers:
 * thread-safe.
 */
final class PartitionProgress {
  private static final long NONE = -1;

  private final TableProgress table;
  private final Duration patience;

  /** Counts the tasks: an answer to another's question is none. */
  private int task;

  /** As Streams last heard before a task began. */
  private boolean groupHasOffset;

  /** The last update that was polled, and the last that the watermark was asked for after. */
  private long polledUpdate = NONE;

  private long coveredUpdate = NONE;

  /** The last update for which no one waits any more: its answer took too long. */
  private long unansweredUpdate = NONE;

  private long highWatermark = NONE;

  /** Where the table's consumer stands: it has been given, or skipped, all below. */
  private long position = NONE;

  /** The last record polled that is not ours, and the last record of any that was put away. */
  private long polledOther = NONE;

  private long read = NONE;
  private final OffsetRanges acknowledged = new OffsetRanges();

  /** The update that last wrote to a key, by key, in the order of the updates. */
  private final Map<Bytes, Long> outstanding = new LinkedHashMap<>();

  PartitionProgress(TableProgress table, Duration patience) {
    this.table = table;
    this.patience = patience;
  }

  /**
   * A task begins, perhaps where an earlier one has stopped or failed: nothing is known but what is
   * in its copy of the table. Nothing of ours is outstanding either: a task is given its position
   * only once the transactions before it are decided.
   */
  synchronized void begin() {
    task++;
    polledUpdate = NONE;
    coveredUpdate = NONE;
    unansweredUpdate = NONE;
    highWatermark = NONE;
    position = NONE;
    polledOther = NONE;
    read = NONE;
    acknowledged.clear();
    outstanding.clear();
  }

  /** A task will begin; whether its group has a committed offset of the updates. */
  synchronized void groupHasOffset(boolean has) {
    groupHasOffset = has;
  }

  /** Without an offset, the updates may all have been taken before. */
  synchronized boolean groupHasOffset() {
    return groupHasOffset;
  }

  /** Updates up to this one have been polled. */
  synchronized void polledUpdates(long lastOffset) {
    polledUpdate = lastOffset;
  }

  /** A record of the table has been polled. */
  synchronized void polledRow(long offset) {
    if (!acknowledged.contains(offset)) {
      polledOther = offset;
    }
  }

  /** The table's consumer stands at {@code nextOffset}, where that is known. */
  synchronized void polledTo(OptionalLong nextOffset) {
    position = nextOffset.orElse(NONE);
  }

  /** The broker has taken a write of ours at {@code offset}. */
  synchronized void acknowledged(long offset) {
    acknowledged.add(offset);
  }

  /** A record of the table has been put away; {@code update} is where it came from, if from one. */
  synchronized void read(long offset, Optional<UpdateHeader> update) {
    read = offset;
    if (update.isPresent() && acknowledged.contains(offset)) {
      Iterator<Long> writers = outstanding.values().iterator();
      while (writers.hasNext() && writers.next() <= update.get().offset()) {
        writers.remove();
      }
    }
    acknowledged.removeBelow(offset + 1);
  }

  /** The update at {@code offset} writes to {@code key}. */
  synchronized void written(Bytes key, long offset) {
    outstanding.remove(key);
    outstanding.put(key, offset);
  }

  /** What a question is about: the updates that have been polled when it is asked. */
  record Question(int task, long lastUpdate) {}

  /** The question that is to be asked, if there are updates that none has been asked after. */
  synchronized Optional<Question> question() {
    return polledUpdate > coveredUpdate
        ? Optional.of(new Question(task, polledUpdate))
        : Optional.empty();
  }

  /** The answer: the high watermark at some time after the question. */
  synchronized void answered(Question question, long end) {
    if (question.task == task && question.lastUpdate > coveredUpdate) {
      coveredUpdate = question.lastUpdate;
      highWatermark = end;
      notifyAll();
    }
  }

  /**
   * Whether what the table holds of {@code key} is what the topic holds, for the update at {@code
   * offset}, which is being processed. May wait for an answer, once for all updates of a poll.
   */
  boolean isCurrentFor(Bytes key, long offset) {
    synchronized (this) {
      if (outstanding.containsKey(key)) {
        return false;
      }
      if (offset <= coveredUpdate || offset <= unansweredUpdate) {
        return isCurrentFor(offset);
      }
    }
    // Not under our lock: it looks at the other partitions too.
    table.ask();
    synchronized (this) {
      awaitAnswer(offset);
      return isCurrentFor(offset);
    }
  }

  private boolean isCurrentFor(long offset) {
    return offset <= coveredUpdate
        && position != NONE
        && read >= polledOther
        && acknowledged.covers(position, highWatermark);
  }

  private void awaitAnswer(long offset) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (offset > coveredUpdate) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        unansweredUpdate = polledUpdate;
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        unansweredUpdate = polledUpdate;
        return;
      }
    }
  }
}
