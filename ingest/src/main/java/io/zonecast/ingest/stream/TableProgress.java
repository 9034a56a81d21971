package io.zonecast.ingest.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the copies of the table have got, of each partition that this process has a task for; and
 * the one question to the brokers that all of them share. Thread-safe.
 */
final class TableProgress {
  private static final Logger LOG = LoggerFactory.getLogger(TableProgress.class);

  private final HighWatermarks watermarks;
  private final Duration patience;
  private final Map<Integer, PartitionProgress> partitions = new ConcurrentHashMap<>();

  /**
   * @param patience how long an update that seems to change nothing may wait for the answer that
   *     tells whether it does; afterwards it is written
   */
  TableProgress(HighWatermarks watermarks, Duration patience) {
    this.watermarks = watermarks;
    this.patience = patience;
  }

  PartitionProgress of(int partition) {
    return partitions.computeIfAbsent(partition, p -> new PartitionProgress(this, patience));
  }

  /** Asks for the high watermark of each partition that has updates no one has asked it for. */
  void ask() {
    Map<Integer, PartitionProgress.Question> asked = new HashMap<>();
    partitions.forEach(
        (partition, progress) ->
            progress.question().ifPresent(question -> asked.put(partition, question)));
    if (asked.isEmpty()) {
      return;
    }
    // What was polled is noted before the question is sent: the answer is younger than all of it.
    watermarks
        .ask(asked.keySet())
        .whenComplete(
            (ends, failure) -> {
              if (failure != null) {
                LOG.debug("the table's high watermarks cannot be asked for", failure);
                return;
              }
              ends.forEach(
                  (partition, end) -> {
                    PartitionProgress.Question question = asked.get(partition);
                    if (question != null) {
                      of(partition).answered(question, end);
                    }
                  });
            });
  }
}
