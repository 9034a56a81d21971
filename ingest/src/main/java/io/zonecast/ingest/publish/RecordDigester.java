package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reduces records of the topic to digests. Belongs to one thread. */
final class RecordDigester {
  private final KeyDigest keys;
  private final TextNumbers.View carriers;
  private final TextNumbers.View codes;
  private final TextNumbers.View values;
  private final RowDecoder decoder;
  private final RowFields fields = new RowFields();
  private final int partitions;

  /** A key of each length, used again for each record: a partition is told of a whole array. */
  private final byte[][] wholeKeys = new byte[ZoneKey.MAX_LENGTH + 1][];

  private long misplaced;

  /**
   * @param partitions how many the topic has
   */
  RecordDigester(
      KeyDigest keys,
      TextNumbers carriers,
      TextNumbers codes,
      TextNumbers values,
      RowDecoder decoder,
      int partitions) {
    this.keys = keys;
    this.carriers = carriers.view();
    this.codes = codes.view();
    this.values = values.view();
    this.decoder = decoder;
    this.partitions = partitions;
  }

  /**
   * Adds a record to a block. One whose key is no zone's is not added: no row of a file can ever
   * have that key, so that it is neither compared nor removed. Nor is one on another partition than
   * its key's, which is counted: sinks do not take it either.
   *
   * @throws io.zonecast.schemas.wire.UnknownSchemaIdException if the value cannot be read (yet)
   */
  void digest(
      int partition, @Nullable ByteBuffer key, @Nullable ByteBuffer value, DigestBlock into) {
    if (key == null || !isKeyOf(partition, key)) {
      return;
    }
    byte[] bytes = key.array();
    int offset = key.arrayOffset() + key.position();
    int length = key.remaining();
    int carrierLength = lengthToColon(bytes, offset);
    int origin = offset + carrierLength + 1;
    int originLength = lengthToColon(bytes, origin);
    int destination = origin + originLength + 1;
    into.add(
        value == null ? Kind.DELETE : Kind.UPSERT,
        keys.first(bytes, offset, length),
        keys.second(bytes, offset, length),
        carriers.idOf(bytes, offset, carrierLength),
        contentOf(key, value));
    into.codes(
        codes.idOf(bytes, offset, carrierLength, bytes, origin, originLength, RowChunk.UNDATED),
        codes.idOf(
            bytes,
            offset,
            carrierLength,
            bytes,
            destination,
            offset + length - destination,
            RowChunk.UNDATED));
  }

  /** Whether these bytes are a row's key that belongs on this partition. */
  boolean isKeyOf(int partition, ByteBuffer key) {
    byte[] bytes = key.array();
    int offset = key.arrayOffset() + key.position();
    int length = key.remaining();
    if (!ZoneKey.isValid(bytes, offset, length)) {
      return false;
    }
    boolean home = partitionOf(bytes, offset, length) == partition;
    misplaced += home ? 0 : 1;
    return home;
  }

  /**
   * The number of what a row says beside its key, {@link DigestBlock#NO_VALUE} for a tombstone, or
   * {@link DigestBlock#UNREADABLE_VALUE}.
   *
   * @throws io.zonecast.schemas.wire.UnknownSchemaIdException if the value cannot be read (yet)
   */
  int contentOf(ByteBuffer key, @Nullable ByteBuffer value) {
    return value == null
        ? DigestBlock.NO_VALUE
        : valueId(value, key.array(), key.arrayOffset() + key.position(), key.remaining());
  }

  /** How many records lay on another partition than their key's. */
  long misplaced() {
    return misplaced;
  }

  private int partitionOf(byte[] bytes, int offset, int length) {
    byte[] key = wholeKeys[length];
    if (key == null) {
      key = new byte[length];
      wholeKeys[length] = key;
    }
    System.arraycopy(bytes, offset, key, 0, length);
    return KeyPartition.of(key, partitions);
  }

  private int valueId(ByteBuffer value, byte[] key, int keyAt, int keyLength) {
    try {
      decoder.decode(value, fields);
    } catch (UndecodableValueException e) {
      // Equal to no row of a file: the next publish that has the key writes it anew.
      return DigestBlock.UNREADABLE_VALUE;
    }
    if (!fields.isRowOf(key, keyAt, keyLength)) {
      // Another producer's, under a key that is not its row's: sinks do not take it either.
      return DigestBlock.UNREADABLE_VALUE;
    }
    return values.idOf(fields);
  }

  private static int lengthToColon(byte[] key, int offset) {
    int end = offset;
    while (key[end] != ':') {
      end++;
    }
    return end - offset;
  }
}
