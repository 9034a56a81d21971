package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowBatch;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.source.ZoneFileException;
import java.util.BitSet;

/** The second reading of a file: of all its rows, those that the first one chose. */
final class ChangedRows {
  private final ZoneFile file;
  private final int batchRows;
  private final BitSet chosen;

  /** Takes each chosen row in turn. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    /**
     * Takes one row, which is valid until it returns.
     *
     * @param n how many rows were chosen before this one
     */
    void visit(RowBatch batch, int row, int n) throws E;
  }

  ChangedRows(ZoneFile file, int batchRows, BitSet chosen) {
    this.file = file;
    this.batchRows = batchRows;
    this.chosen = chosen;
  }

  /**
   * Shows each chosen row to {@code visitor}.
   *
   * @param checksum what the first reading read
   * @throws PublishException if that was another content: ordinals mean other rows now
   */
  <E extends Exception> void forEach(String checksum, Visitor<E> visitor)
      throws ZoneFileException, PublishException, E {
    try (RowReader reader = file.read(bytesRead -> {})) {
      RowBatch batch = new RowBatch(batchRows);
      int ordinal = chosen.nextSetBit(0);
      int n = 0;
      while (reader.read(batch)) {
        long end = batch.firstOrdinal() + batch.size();
        while (ordinal >= 0 && ordinal < end) {
          visitor.visit(batch, (int) (ordinal - batch.firstOrdinal()), n++);
          ordinal = chosen.nextSetBit(ordinal + 1);
        }
      }
      if (!reader.checksum().equals(checksum)) {
        throw new PublishException(
            file.path()
                + " changed while it was read: its SHA-256 was "
                + checksum
                + " and is "
                + reader.checksum()
                + ". Nothing is published; try again when nobody writes to it",
            null);
      }
    }
  }
}
