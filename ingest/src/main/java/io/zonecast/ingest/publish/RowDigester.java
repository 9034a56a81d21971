package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;

/** Reduces rows of the file to digests. Belongs to one thread. */
final class RowDigester {
  private final KeyDigest keys;
  private final TextNumbers.View carriers;
  private final TextNumbers.View codes;
  private final TextNumbers.View values;

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
      int carrier =
          chunk.carrierLength(row) == 0
              ? DigestBlock.NO_CARRIER
              : carriers.idOf(bytes, offset, chunk.carrierLength(row));
      if (length == 0) {
        block.addKeyless(carrier);
      } else {
        block.add(
            chunk.kind(row),
            keys.first(bytes, offset, length),
            keys.second(bytes, offset, length),
            carrier,
            value(chunk, row));
        int carrierLength = chunk.carrierLength(row);
        block.codes(
            codes.idOf(
                bytes,
                offset,
                carrierLength,
                bytes,
                chunk.originOffset(row),
                chunk.originLength(row),
                RowChunk.UNDATED),
            codes.idOf(
                bytes,
                offset,
                carrierLength,
                bytes,
                chunk.destinationOffset(row),
                chunk.destinationLength(row),
                RowChunk.UNDATED));
      }
    }
    return block;
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
