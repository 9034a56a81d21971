package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import java.util.Arrays;

/** Reduces rows of the file to digests. Belongs to one thread. */
final class RowDigester {
  private final KeyDigest keys;
  private final TextNumbers.View carriers;
  private final TextNumbers.View codes;
  private final TextNumbers.View values;

  /** The carrier and the origin of the row before, with their colons, and their numbers. */
  private byte[] prefix = {};

  private int carrier;
  private int origin;

  RowDigester(KeyDigest keys, TextNumbers carriers, TextNumbers codes, TextNumbers values) {
    this.keys = keys;
    this.carriers = carriers.view();
    this.codes = codes.view();
    this.values = values.view();
  }

  DigestBlock digest(RowChunk chunk) {
    DigestBlock block = new DigestBlock(chunk.size());
    byte[] bytes = chunk.bytes();
    for (int row = 0; row < chunk.size(); row++) {
      int offset = chunk.keyOffset(row);
      int length = chunk.keyLength(row);
      if (length == 0) {
        int carrierLength = chunk.carrierLength(row);
        block.addKeyless(
            carrierLength == 0
                ? DigestBlock.NO_CARRIER
                : carriers.idOf(bytes, offset, carrierLength));
      } else {
        takePrefix(chunk, row);
        block.add(
            chunk.kind(row),
            keys.first(bytes, offset, length),
            keys.second(bytes, offset, length),
            carrier,
            value(chunk, row));
        block.codes(
            origin,
            codes.idOf(
                bytes,
                offset,
                chunk.carrierLength(row),
                bytes,
                chunk.destinationOffset(row),
                chunk.destinationLength(row),
                RowChunk.UNDATED));
      }
    }
    return block;
  }

  /** Finds the numbers of a row's carrier and origin, which mostly are those of the row before. */
  private void takePrefix(RowChunk chunk, int row) {
    byte[] bytes = chunk.bytes();
    int offset = chunk.keyOffset(row);
    int end = chunk.destinationOffset(row);
    if (!Arrays.equals(bytes, offset, end, prefix, 0, prefix.length)) {
      prefix = Arrays.copyOfRange(bytes, offset, end);
      int carrierLength = chunk.carrierLength(row);
      carrier = carriers.idOf(bytes, offset, carrierLength);
      origin =
          codes.idOf(
              bytes,
              offset,
              carrierLength,
              bytes,
              chunk.originOffset(row),
              chunk.originLength(row),
              RowChunk.UNDATED);
    }
  }

  private int value(RowChunk chunk, int row) {
    return chunk.kind(row) == Kind.UPSERT
        ? values.idOf(
            chunk.bytes(),
            chunk.zoneOffset(row),
            chunk.zoneLength(row),
            chunk.bytes(),
            chunk.flagsOffset(row),
            chunk.flagsLength(row),
            RowChunk.UNDATED)
        : DigestBlock.NO_VALUE;
  }
}
