package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowFields;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Turns chosen rows and removed keys into the records of a transaction, and has what they replace
 * logged. Not thread-safe.
 */
final class RecordWriter {
  /** Records between two words of progress. */
  private static final int PROGRESS_EVERY = 8192;

  private final PublishTransaction transaction;
  private final RowEncoder encoder;
  private final Labels labels;
  private final TextNumbers.View contents;
  private final Optional<PublishLogWriter> changes;
  private final StepProgress progress;
  private final long total;
  private final RowFields fields = new RowFields();
  private int file;
  private long records;
  private long bytes;

  /**
   * What records have in common.
   *
   * @param headers of the records from each file
   */
  record Labels(String topic, List<List<Header>> headers) {}

  /**
   * @param contents gives new rows their numbers in the log
   * @param changes empty where nothing is logged
   */
  RecordWriter(
      PublishTransaction transaction,
      Labels labels,
      RowEncoder encoder,
      TextNumbers contents,
      Optional<PublishLogWriter> changes,
      StepProgress progress,
      long total) {
    this.transaction = transaction;
    this.encoder = encoder;
    this.labels = labels;
    this.contents = contents.view();
    this.changes = changes;
    this.progress = progress;
    this.total = total;
  }

  /**
   * Sends a row of the file.
   *
   * @param before what it replaces, as {@link TopicDigest#before}
   */
  void row(RowChunk chunk, int row, int before) throws PublishException {
    file = chunk.file(row);
    if (chunk.kind(row) == Kind.UPSERT) {
      pointAt(fields, chunk, row);
      row(chunk.key(row), fields, before);
    } else {
      tombstone(chunk.key(row), before);
    }
  }

  /** Sends a row. */
  void row(byte[] key, RowFields row, int before) throws PublishException {
    byte[] value = encoder.encode(row);
    bytes += value.length;
    send(key, value);
    if (before != DigestBlock.NO_VALUE && changes.isPresent()) {
      changes.get().change(key, 0, key.length, before, contents.idOf(row));
    }
  }

  /** Sends the removal of a row that no file has; its header names the first. */
  void tombstone(byte[] key, int before) throws PublishException {
    file = 0;
    send(key, null);
    if (changes.isPresent()) {
      changes.get().change(key, 0, key.length, before, DigestBlock.NO_VALUE);
    }
  }

  /** Sends what of the log is left. */
  void finish() throws PublishException {
    if (changes.isPresent()) {
      changes.get().flush();
    }
  }

  /** The keys and values sent so far, in bytes before compression, without the log. */
  long bytes() {
    return bytes;
  }

  private void send(byte[] key, byte @Nullable [] value) throws PublishException {
    bytes += key.length;
    transaction.send(
        new ProducerRecord<>(labels.topic, null, null, key, value, labels.headers.get(file)));
    if (++records % PROGRESS_EVERY == 0 || records == total) {
      progress.at(StepProgress.Phase.PUBLISHING, records, total);
    }
  }

  /** Points {@code fields} at an upsert's fields. */
  static void pointAt(RowFields fields, RowChunk chunk, int row) {
    byte[] bytes = chunk.bytes();
    fields.carrier().set(bytes, chunk.keyOffset(row), chunk.carrierLength(row));
    fields.origin().set(bytes, chunk.originOffset(row), chunk.originLength(row));
    fields.destination().set(bytes, chunk.destinationOffset(row), chunk.destinationLength(row));
    fields.zone().set(bytes, chunk.zoneOffset(row), chunk.zoneLength(row));
    if (chunk.flagsLength(row) == 0) {
      fields.flags().setNull();
    } else {
      fields.flags().set(bytes, chunk.flagsOffset(row), chunk.flagsLength(row));
    }
    if (chunk.effectiveEpochDay(row) == RowChunk.UNDATED) {
      fields.undated();
    } else {
      fields.date(chunk.effectiveEpochDay(row));
    }
  }
}
