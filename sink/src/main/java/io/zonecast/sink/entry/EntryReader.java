package io.zonecast.sink.entry;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.sink.cache.placement.Placement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads one record at a time into the entry that it makes. What it found stays readable until the
 * next {@link #read}; nothing is allocated for a row but its key. For one thread.
 */
public final class EntryReader {
  private static final int SHOWN_KEY_BYTES = 64;

  private final int partitions;
  private final Placement placement;
  private final RowDecoder decoder;
  private final ValueWriter writer;
  private final RowFields row = new RowFields();

  private byte[] prefixedKey;
  private final int prefixLength;
  private int keyLength;
  private boolean tombstone;
  private int node;
  private String reason = "";

  public EntryReader(
      int partitions,
      String keyPrefix,
      ValueFormat format,
      Placement placement,
      RowDecoder decoder) {
    this.partitions = partitions;
    this.placement = placement;
    this.decoder = decoder;
    this.writer = new ValueWriter(format);
    byte[] prefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
    this.prefixLength = prefix.length;
    this.prefixedKey = Arrays.copyOf(prefix, prefixLength + 256);
  }

  /** What a record is to the cache. */
  public enum Reading {
    /** A value to set, or a key to delete: {@link #isTombstone} tells. */
    ENTRY,
    /** It can never be applied; {@link #reason} says why. */
    UNREADABLE,
    /** It cannot be read yet, and nothing behind it may be; {@link #reason} says what for. */
    WAIT
  }

  /** Reads {@code record}, whose key and value are left as they were. */
  public Reading read(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    keyLength = 0;
    ByteBuffer key = record.key();
    if (key == null) {
      return unreadable("it has no key");
    }
    byte[] keyBytes = Utils.toArray(key);
    if (!ZoneKey.isValid(keyBytes, 0, keyBytes.length)) {
      return unreadable("its key " + shown(keyBytes) + " is not carrier:origin:destination");
    }
    int home = KeyPartition.of(keyBytes, partitions);
    if (home != record.partition()) {
      // Two partitions have no order between them: applied here, the key could go back in time.
      return unreadable(
          "its key %s belongs on partition %s: have its %s"
              .formatted(shown(keyBytes), home, KeyPartition.ADVICE));
    }
    keyLength = keyBytes.length;
    System.arraycopy(keyBytes, 0, prefixedKey, prefixLength, keyLength);
    node = placement.nodeFor(prefixedKey, 0, prefixLength + keyLength);
    ByteBuffer value = record.value();
    tombstone = value == null;
    if (value != null) {
      try {
        decoder.decode(value, row);
      } catch (RetriableException e) {
        return wait(e);
      } catch (SerializationException e) {
        return e instanceof UnknownSchemaIdException
            ? wait(e)
            : unreadable(String.valueOf(e.getMessage()));
      }
      if (!row.isRowOf(keyBytes, 0, keyBytes.length)) {
        // Applied, it would answer for a pair that it says nothing of.
        return unreadable(
            "its key %s is not its row's, which is %s:%s:%s"
                .formatted(shown(keyBytes), row.carrier(), row.origin(), row.destination()));
      }
      writer.write(row, value);
    }
    return Reading.ENTRY;
  }

  /** The record's key without the prefix, {@link #keyLength} bytes from {@link #keyAt} on. */
  public byte[] key() {
    return prefixedKey;
  }

  public int keyAt() {
    return prefixLength;
  }

  /** 0 if the record's key is no zone key of its partition. */
  public int keyLength() {
    return keyLength;
  }

  public boolean isTombstone() {
    return tombstone;
  }

  /** The entry's value, {@link #valueLength} bytes from the start on; not for a tombstone. */
  public byte[] value() {
    return writer.buffer();
  }

  public int valueLength() {
    return tombstone ? -1 : writer.length();
  }

  /** The index in the pool of the node that the entry lives on. */
  public int node() {
    return node;
  }

  /** Why the last record was not an entry: a clause that continues "the record was …, because". */
  public String reason() {
    return reason;
  }

  private Reading unreadable(String why) {
    reason = why;
    return Reading.UNREADABLE;
  }

  private Reading wait(RuntimeException e) {
    reason = String.valueOf(e.getMessage());
    return Reading.WAIT;
  }

  private String shown(byte[] key) {
    var text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(key.length, SHOWN_KEY_BYTES); i++) {
      text.append(key[i] >= ' ' && key[i] < 0x7f ? (char) key[i] : '?');
    }
    return text.append(key.length > SHOWN_KEY_BYTES ? "…\"" : "\"").toString();
  }
}
