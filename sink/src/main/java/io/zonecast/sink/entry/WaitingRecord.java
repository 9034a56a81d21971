package io.zonecast.sink.entry;

import io.zonecast.sink.checkpoint.WaitNote;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of a record that cannot be read yet, and tries to read it again without fetching it,
 * and megabytes behind it, from the brokers. {@link EntryReader} decides which records wait: those
 * of an unknown schema id, and those whose registry does not answer.
 */
public final class WaitingRecord {
  /** Compaction may remove the record and so end the wait. */
  private static final long FETCH_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final ConsumerRecord<ByteBuffer, ByteBuffer> copy;
  private final WaitNote note;
  private final long fetchedNanos;

  public WaitingRecord(ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    this(
        new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            record.offset(),
            copyOf(record.key()),
            copyOf(record.value())),
        new WaitNote(record.offset(), reason),
        System.nanoTime());
  }

  private WaitingRecord(
      ConsumerRecord<ByteBuffer, ByteBuffer> copy, WaitNote note, long fetchedNanos) {
    this.copy = copy;
    this.note = note;
    this.fetchedNanos = fetchedNanos;
  }

  public WaitNote note() {
    return note;
  }

  /** Tries to read the record: the same with today's reason, or empty to read the topic again. */
  public Optional<WaitingRecord> askAgain(EntryReader reader) {
    return System.nanoTime() - fetchedNanos > FETCH_AGAIN_NANOS
            || reader.read(copy) != EntryReader.Reading.WAIT
        ? Optional.empty()
        : Optional.of(
            new WaitingRecord(copy, new WaitNote(note.offset(), reader.reason()), fetchedNanos));
  }

  private static @Nullable ByteBuffer copyOf(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : ByteBuffer.wrap(Utils.toArray(buffer));
  }
}
