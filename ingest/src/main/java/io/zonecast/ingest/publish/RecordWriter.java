package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
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
  private final StepProgress progress;
  private final long total;
  private final RowFields fields = new RowFields();
  private long records;
  private long bytes;

  RecordWriter(
      PublishTransaction transaction,
      String topic,
      RowEncoder encoder,
      List<Header> headers,
      StepProgress progress,
      long total) {
    this.transaction = transaction;
    this.topic = topic;
    this.encoder = encoder;
    this.headers = headers;
    this.progress = progress;
    this.total = total;
  }

  void row(RowChunk chunk, int row) throws PublishException {
    if (chunk.kind(row) == Kind.UPSERT) {
      pointAt(fields, chunk, row);
      byte[] value = encoder.encode(fields);
      bytes += value.length;
      send(chunk.key(row), value);
    } else {
      tombstone(chunk.key(row));
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
