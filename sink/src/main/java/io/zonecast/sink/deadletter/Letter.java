package io.zonecast.sink.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record's letter until it is written.
 *
 * @param leaderEpoch of the record, since a later leader may have another at its offset; -1 if it
 *     has to be read back first
 * @param notBeforeMillis a lower bound on when the record, and any behind it, was written
 * @param bornNanos when the letter was queued
 * @param content null if the record has to be read back first
 */
record Letter(
    int partition,
    long offset,
    int leaderEpoch,
    String reason,
    long notBeforeMillis,
    long bornNanos,
    @Nullable ProducerRecord<byte[], byte[]> content) {

  /** About what the objects take in memory beside their bytes. */
  private static final long OWN_BYTES = 1_000;

  long bytes() {
    return OWN_BYTES + (content == null ? 0 : LetterFormat.bytesOf(content));
  }
}
