package io.zonecast.ingest.publish;

import static java.util.Objects.requireNonNull;

import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.publishes.PublishEntry;
import io.zonecast.schemas.serde.AvroSerializer;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.Utf8Slice;
import io.zonecast.schemas.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Writes a publish into the log of publishes, in the transaction of its rows: first the summary,
 * then records of many changes each, in {@link io.zonecast.schemas.PublishedChanges}. In this order
 * an entry is whole if its summary is there: the transaction is all or nothing, and retention takes
 * a log's oldest records first.
 *
 * <p>Changes are encoded by hand, as Avro does it, so that no object is made for a row.
 */
final class PublishLogWriter {
  /** Below any {@code max.message.bytes} in use; more in one record compresses no better. */
  private static final int RECORD_BYTES = 64 << 10;

  /** What Avro adds to the texts of a content, at most. */
  private static final int CONTENT_OVERHEAD = 10;

  private static final int NO_CONTENT = -1;

  private final PublishTransaction transaction;
  private final String topic;
  private final TextNumbers contents;
  private final String publishId;
  private final byte[] key;
  private final ByteArrayOutputStream rows = new ByteArrayOutputStream(RECORD_BYTES + 1024);
  private final BinaryEncoder rowEncoder = encoder(rows);
  private final Map<Integer, Integer> indexes = new HashMap<>();
  private final List<Integer> used = new ArrayList<>();
  private final RowFields fields = new RowFields();
  private int count;
  private int contentBytes;

  /**
   * Sends the summary.
   *
   * @param topic the log
   * @param contents what the numbers of changes stand for
   * @param rowsAfter how many rows the table has after the publish
   */
  PublishLogWriter(
      PublishTransaction transaction,
      String topic,
      TextNumbers contents,
      PublishSummary summary,
      long rowsAfter)
      throws PublishException {
    this.transaction = transaction;
    this.topic = topic;
    this.contents = contents;
    this.publishId = summary.getId();
    this.key = publishId.getBytes(StandardCharsets.UTF_8);
    byte[] value = requireNonNull(new AvroSerializer().serialize(topic, summary));
    byte[] count = Long.toString(rowsAfter).getBytes(StandardCharsets.US_ASCII);
    send(value, List.of(new RecordHeader(PublishEntry.ROWS, count)));
  }

  /**
   * Takes one changed or removed row.
   *
   * @param before the number of what stood there; negative if it could not be read
   * @param after the number of what stands there now; negative if the row was removed
   */
  void change(byte[] key, int offset, int length, int before, int after) throws PublishException {
    try {
      rowEncoder.writeBytes(key, offset, length); // laid out as a string is
      rowEncoder.writeInt(indexOf(before));
      rowEncoder.writeInt(indexOf(after));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    count++;
    if (rows.size() + contentBytes >= RECORD_BYTES) {
      flush();
    }
  }

  /** Sends what is left. */
  void flush() throws PublishException {
    if (count > 0) {
      send(encoded(), List.of());
      rows.reset();
      indexes.clear();
      used.clear();
      count = 0;
      contentBytes = 0;
    }
  }

  private int indexOf(int content) {
    if (content < 0) {
      return NO_CONTENT;
    }
    Integer known = indexes.putIfAbsent(content, used.size());
    if (known != null) {
      return known;
    }
    used.add(content);
    contents.pointAt(content, fields);
    contentBytes += fields.zone().length() + fields.flags().length() + CONTENT_OVERHEAD;
    return used.size() - 1;
  }

  private byte[] encoded() {
    byte[] header = new byte[WireFormat.HEADER_LENGTH];
    WireFormat.writeHeader(BundledSchemas.ofChanges().latestId(), header, 0);
    ByteArrayOutputStream record = new ByteArrayOutputStream(rows.size() + contentBytes + 64);
    record.writeBytes(header);
    BinaryEncoder out = encoder(record);
    try {
      out.writeString(publishId);
      out.writeArrayStart();
      out.setItemCount(count);
      rows.writeTo(record);
      out.writeArrayEnd();
      out.writeArrayStart();
      out.setItemCount(used.size());
      for (int content : used) {
        contents.pointAt(content, fields);
        write(fields.zone(), out);
        out.writeIndex(fields.flags().isNull() ? 0 : 1);
        if (!fields.flags().isNull()) {
          write(fields.flags(), out);
        }
        out.writeIndex(fields.dated() ? 1 : 0);
        if (fields.dated()) {
          out.writeInt(fields.effectiveEpochDay());
        }
      }
      out.writeArrayEnd();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return record.toByteArray();
  }

  private static void write(Utf8Slice text, BinaryEncoder out) throws IOException {
    out.writeBytes(text.array(), text.offset(), text.length());
  }

  /** Its bytes are in {@code out} at once, so that others can write there too. */
  private static BinaryEncoder encoder(ByteArrayOutputStream out) {
    return EncoderFactory.get().directBinaryEncoder(out, null);
  }

  private void send(byte[] value, List<Header> headers) throws PublishException {
    transaction.send(new ProducerRecord<>(topic, null, key, value, headers));
  }
}
