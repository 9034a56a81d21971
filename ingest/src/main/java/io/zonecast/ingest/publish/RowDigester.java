package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowBatch;
import io.zonecast.ingest.source.RowBatch.Kind;

/** Reduces rows of the file to digests. Belongs to one thread. */
final class RowDigester {
  private final KeyDigest keys;
  private final TextIds.View carriers;
  private final TextIds.View values;

  RowDigester(KeyDigest keys, TextIds carriers, TextIds values) {
    this.keys = keys;
    this.carriers = carriers.view();
    this.values = values.view();
  }

  DigestBlock digest(RowBatch batch) {
    DigestBlock block = new DigestBlock(batch.size());
    byte[] bytes = batch.bytes();
    for (int row = 0; row < batch.size(); row++) {
      int offset = batch.keyOffset(row);
      int length = batch.keyLength(row);
      int carrier =
          batch.carrierLength(row) == 0
              ? DigestBlock.NO_CARRIER
              : carriers.idOf(bytes, offset, batch.carrierLength(row));
      if (length == 0) {
        block.addKeyless(carrier);
      } else {
        block.add(
            batch.kind(row),
            keys.first(bytes, offset, length),
            keys.second(bytes, offset, length),
            carrier,
            value(batch, row));
      }
    }
    return block;
  }

  private int value(RowBatch batch, int row) {
    return batch.kind(row) == Kind.UPSERT
        ? values.idOf(
            batch.bytes(),
            batch.zoneOffset(row),
            batch.zoneLength(row),
            batch.bytes(),
            batch.flagsOffset(row),
            batch.flagsLength(row))
        : DigestBlock.NO_VALUE;
  }
}
