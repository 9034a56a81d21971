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
 * Reads a record into its entry: decides whether it can be applied, on which node, under which key
 * and with which value. The result stays readable until the next {@link #read}; only the key is
 * allocated. For one thread.
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

  /** The result of a reading. */
  public enum Reading {
    /** A value to set or, if {@link #isTombstone}, a key to delete. */
    ENTRY,
    /** The record can never be applied; {@link #reason} says why. */
    UNREADABLE,
    /** The record cannot be read yet and its partition waits at it; {@link #reason} says why. */
    WAIT
  }

  /** Reads a record; does not move the positions of its buffers. */
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
      // Records of two partitions have no order: applied here, an older value could win.
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
        // Applied, it would be the answer for another pair than its own.
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

  /** 0 if the record's key is not a zone key of its partition. */
  public int keyLength() {
    return keyLength;
  }

  public boolean isTombstone() {
    return tombstone;
  }

  /** The entry's value, the first {@link #valueLength} bytes; not for a tombstone. */
  public byte[] value() {
    return writer.buffer();
  }

  public int valueLength() {
    return tombstone ? -1 : writer.length();
  }

  /** The index of the entry's node in the pool. */
  public int node() {
    return node;
  }

  /** Why the last record is not an entry: the end of a sentence "the record was …, because". */
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
