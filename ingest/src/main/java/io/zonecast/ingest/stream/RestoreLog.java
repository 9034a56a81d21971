package io.zonecast.ingest.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how far the copies of the table have been restored: a line at the start, one now and then,
 * and one at the end. Counted in offsets, of which compaction has taken some: what is left to do is
 * at most what it says.
 */
final class RestoreLog implements StateRestoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreLog.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;
  private final Map<TopicPartition, Restoring> restoring = new HashMap<>();
  private long begunNanos;
  private long saidNanos;
  private long records;
  private int restored;

  /** Offsets of one partition: from where, how far, to where. */
  private record Restoring(long start, long next, long end) {}

  RestoreLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String store, long startingOffset, long endingOffset) {
    if (restoring.isEmpty()) {
      begunNanos = nanoTime.getAsLong();
      saidNanos = begunNanos;
      records = 0;
      restored = 0;
      LOG.info("restoring the copies of {}", partition.topic());
    }
    restoring.put(partition, new Restoring(startingOffset, startingOffset, endingOffset));
  }

  @Override
  public synchronized void onBatchRestored(
      TopicPartition partition, String store, long batchEndOffset, long numRestored) {
    records += numRestored;
    restoring.computeIfPresent(
        partition, (p, was) -> new Restoring(was.start, batchEndOffset, was.end));
    long now = nanoTime.getAsLong();
    if (now - saidNanos >= EVERY.toNanos()) {
      saidNanos = now;
      LOG.info(
          "restoring the copies of {}: {} % of what is left of {} partitions, {} records in {} s",
          partition.topic(), percent(), restoring.size(), records, seconds(now));
    }
  }

  private long percent() {
    long done = restoring.values().stream().mapToLong(each -> each.next - each.start).sum();
    long all = restoring.values().stream().mapToLong(each -> each.end - each.start).sum();
    return all == 0 ? 100 : Math.min(100, 100 * done / all);
  }

  @Override
  public synchronized void onRestoreEnd(
      TopicPartition partition, String store, long totalRestored) {
    restored++;
    ended(partition);
  }

  @Override
  public synchronized void onRestoreSuspended(
      TopicPartition partition, String store, long totalRestored) {
    ended(partition);
  }

  private void ended(TopicPartition partition) {
    restoring.remove(partition);
    if (restoring.isEmpty()) {
      LOG.info(
          "restored the copies of {}: {} records of {} partitions in {} s",
          partition.topic(),
          records,
          restored,
          seconds(nanoTime.getAsLong()));
    }
  }

  private String seconds(long now) {
    return String.format(Locale.ROOT, "%.1f", (now - begunNanos) / 1e9);
  }
}
