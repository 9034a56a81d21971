package io.zonecast.ingest.publish;

import io.zonecast.ingest.Progress;
import io.zonecast.ingest.source.RowBatch;
import io.zonecast.ingest.source.RowBatch.Kind;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowFields;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Turns chosen rows and removed keys into the records of a transaction. Not thread-safe. */
final class RecordWriter {
  /** Records between two words of progress. */
  private static final int PROGRESS_EVERY = 8192;

  private final PublishTransaction transaction;
  private final String topic;
  private final RowEncoder encoder;
  private final List<Header> headers;
  private final Progress progress;
  private final long total;
  private final RowFields fields = new RowFields();
  private long records;
  private long bytes;

  RecordWriter(
      PublishTransaction transaction,
      String topic,
      RowEncoder encoder,
      List<Header> headers,
      Progress progress,
      long total) {
    this.transaction = transaction;
    this.topic = topic;
    this.encoder = encoder;
    this.headers = headers;
    this.progress = progress;
    this.total = total;
  }

  void row(RowBatch batch, int row) throws PublishException {
    if (batch.kind(row) == Kind.UPSERT) {
      pointAt(fields, batch, row);
      byte[] value = encoder.encode(fields);
      bytes += value.length;
      send(batch.key(row), value);
    } else {
      tombstone(batch.key(row));
    }
  }

  void tombstone(byte[] key) throws PublishException {
    send(key, null);
  }

  /** The keys and values sent so far, in bytes before compression. */
  long bytes() {
    return bytes;
  }

  private void send(byte[] key, byte @Nullable [] value) throws PublishException {
    bytes += key.length;
    transaction.send(new ProducerRecord<>(topic, null, null, key, value, headers));
    if (++records % PROGRESS_EVERY == 0 || records == total) {
      progress.at(Progress.Phase.PUBLISHING, records, total);
    }
  }

  /** Points {@code fields} at an upsert's fields. */
  static void pointAt(RowFields fields, RowBatch batch, int row) {
    byte[] bytes = batch.bytes();
    fields.carrier().set(bytes, batch.keyOffset(row), batch.carrierLength(row));
    fields.origin().set(bytes, batch.originOffset(row), batch.originLength(row));
    fields.destination().set(bytes, batch.destinationOffset(row), batch.destinationLength(row));
    fields.zone().set(bytes, batch.zoneOffset(row), batch.zoneLength(row));
    if (batch.flagsLength(row) == 0) {
      fields.flags().setNull();
    } else {
      fields.flags().set(bytes, batch.flagsOffset(row), batch.flagsLength(row));
    }
    if (batch.effectiveEpochDay(row) == RowBatch.UNDATED) {
      fields.undated();
    } else {
      fields.date(batch.effectiveEpochDay(row));
    }
  }
}
