package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.RangeNames;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowReader;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Those rows of a file that the comparison chose: as it kept them, where they are few; otherwise by
 * another reading of the file. A file that has changed since the comparison is refused: before the
 * transaction opens if the rows were kept, else at the end of that reading, before the commit.
 */
final class ChangedRows {
  /** Enough to keep both threads busy. */
  private static final int BATCHES_AHEAD = 4;

  private final Edition edition;
  private final RangeNames names;
  private final int chunkRows;
  private final BitSet chosen;
  private final KeyDigest keys;
  private final DigestTable lastRows;
  private final boolean contradicting;
  private final Optional<RowChunk> kept;

  /** What the second reading read; handed over with the end of its chunks. */
  private List<String> checksumsAgain = List.of();

  /** Takes each chosen row in turn. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    /**
     * Takes one row, which is valid until it returns.
     *
     * @param n how many rows were chosen before this one
     */
    void visit(RowChunk chunk, int row, int n) throws E;
  }

  /**
   * @param chosen their ordinals
   * @param lastRows of some keys, one more than the ordinal of the only row to show
   * @param kept all that are chosen, or nothing
   */
  ChangedRows(
      Edition edition,
      RangeNames names,
      int chunkRows,
      BitSet chosen,
      KeyDigest keys,
      DigestTable lastRows,
      Optional<RowChunk> kept) {
    this.keys = keys;
    this.lastRows = lastRows;
    this.contradicting = lastRows.size() > 0;
    this.kept = kept;
    this.edition = edition;
    this.names = names;
    this.chunkRows = chunkRows;
    this.chosen = chosen;
  }

  /**
   * Makes sure that the file still is what was compared, where {@link #forEach} will not read it.
   * Rows can be kept of a file that another process was writing to.
   *
   * @param diff what the first reading found
   * @throws io.zonecast.ingest.source.ZoneFileException if the file cannot be read
   * @throws PublishException if it was another content
   */
  void requireSameFile(ZoneDiff diff) throws IOException, PublishException {
    if (kept.isPresent() || diff.counts().records() == diff.leftTheFile()) {
      requireSame(diff.checksums(), edition.checksums());
    }
  }

  /**
   * Shows each chosen row to {@code visitor}.
   *
   * @param checksums what the first reading read
   * @throws io.zonecast.ingest.source.ZoneFileException if the file cannot be read
   * @throws PublishException if that was another content: ordinals mean other rows now
   */
  <E extends Exception> void forEach(List<String> checksums, Visitor<E> visitor)
      throws IOException, PublishException, InterruptedException, E {
    if (kept.isPresent()) {
      RowChunk rows = kept.get();
      int ordinal = -1;
      for (int row = 0; row < rows.size(); row++) {
        ordinal = chosen.nextSetBit(ordinal + 1);
        show(rows, row, ordinal, row, visitor);
      }
    } else {
      readAgain(checksums, visitor);
    }
  }

  private <E extends Exception> void readAgain(List<String> checksums, Visitor<E> visitor)
      throws IOException, PublishException, InterruptedException, E {
    try (ReadAhead<RowChunk> chunks =
        new ReadAhead<RowChunk>("zonecast-file-reader", BATCHES_AHEAD, List.of(this::read))) {
      chunks.start();
      int ordinal = chosen.nextSetBit(0);
      int n = 0;
      for (RowChunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
        long end = chunk.firstOrdinal() + chunk.size();
        while (ordinal >= 0 && ordinal < end) {
          show(chunk, (int) (ordinal - chunk.firstOrdinal()), ordinal, n++, visitor);
          ordinal = chosen.nextSetBit(ordinal + 1);
        }
      }
    }
    requireSame(checksums, checksumsAgain);
  }

  private <E extends Exception> void show(
      RowChunk chunk, int row, int ordinal, int n, Visitor<E> visitor) throws PublishException, E {
    if (!contradicting || isLast(chunk, row, ordinal)) {
      visitor.visit(chunk, row, n);
    }
  }

  private boolean isLast(RowChunk chunk, int row, int ordinal) {
    int offset = chunk.keyOffset(row);
    int length = chunk.keyLength(row);
    int last =
        lastRows.get(
            keys.first(chunk.bytes(), offset, length), keys.second(chunk.bytes(), offset, length));
    return last == DigestTable.ABSENT || last == ordinal + 1;
  }

  private void requireSame(List<String> checksums, List<String> again) throws PublishException {
    for (int file = 0; file < checksums.size(); file++) {
      if (!again.get(file).equals(checksums.get(file))) {
        throw new PublishException(
            ("%s changed while it was read: its SHA-256 was %s and is %s. Nothing is published;"
                    + " try again when nobody writes to it")
                .formatted(edition.files().get(file).path(), checksums.get(file), again.get(file)),
            null);
      }
    }
  }

  /** Reads on a thread of its own: sending keeps the caller's busy. */
  private void read(ReadAhead.Out<RowChunk> out) throws IOException, InterruptedException {
    try (RowReader reader = edition.read(bytesRead -> {}, names)) {
      RowChunk chunk = new RowChunk(chunkRows);
      while (reader.read(chunk)) {
        out.put(chunk);
        chunk = new RowChunk(chunkRows);
      }
      checksumsAgain = reader.checksums();
    }
  }
}
