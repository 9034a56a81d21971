package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowBatch;
import io.zonecast.ingest.source.RowBatch.Kind;

/**
 * A batch of rows reduced to what the comparison needs: 25 bytes a row, which can wait for the
 * topic to be read.
 */
final class DigestedRows {
  /** Stands for a carrier, or a key, that could not be read. */
  private static final int NONE = -1;

  private final int size;
  private final long firstOrdinal;
  private final Kind[] kinds;
  private final boolean[] keyed;
  private final long[] digests;
  private final int[] carriers;
  private final int[] values;

  private DigestedRows(int size, long firstOrdinal) {
    this.size = size;
    this.firstOrdinal = firstOrdinal;
    kinds = new Kind[size];
    keyed = new boolean[size];
    digests = new long[2 * size];
    carriers = new int[size];
    values = new int[size];
  }

  static DigestedRows of(
      RowBatch batch, KeyDigest keys, TextIds.View carriers, TextIds.View values) {
    DigestedRows rows = new DigestedRows(batch.size(), batch.firstOrdinal());
    byte[] bytes = batch.bytes();
    for (int row = 0; row < rows.size; row++) {
      rows.kinds[row] = batch.kind(row);
      int offset = batch.keyOffset(row);
      int length = batch.keyLength(row);
      if (length > 0) {
        rows.keyed[row] = true;
        rows.digests[2 * row] = keys.first(bytes, offset, length);
        rows.digests[2 * row + 1] = keys.second(bytes, offset, length);
      }
      rows.carriers[row] =
          batch.carrierLength(row) == 0
              ? NONE
              : carriers.idOf(bytes, offset, batch.carrierLength(row));
      rows.values[row] =
          batch.kind(row) != Kind.UPSERT
              ? NONE
              : values.idOf(
                  bytes,
                  batch.zoneOffset(row),
                  batch.zoneLength(row),
                  bytes,
                  batch.flagsOffset(row),
                  batch.flagsLength(row));
    }
    return rows;
  }

  int size() {
    return size;
  }

  long firstOrdinal() {
    return firstOrdinal;
  }

  Kind kind(int row) {
    return kinds[row];
  }

  /** Whether the row has a key; a rejected one may not. */
  boolean hasKey(int row) {
    return keyed[row];
  }

  long firstDigest(int row) {
    return digests[2 * row];
  }

  long secondDigest(int row) {
    return digests[2 * row + 1];
  }

  /** Whether the row's carrier could be read. */
  boolean hasCarrier(int row) {
    return carriers[row] != NONE;
  }

  int carrier(int row) {
    return carriers[row];
  }

  /** The number of the zone and flags of an upsert. */
  int value(int row) {
    return values[row];
  }
}
