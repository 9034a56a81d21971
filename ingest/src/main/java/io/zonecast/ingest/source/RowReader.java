package io.zonecast.ingest.source;

import java.io.Closeable;
import java.util.List;

/**
 * One reading of a file or of several, from the first row to the last. Chunks partition them: each
 * row is in exactly one chunk, in the order of the file, whatever the chunks' sizes. Not
 * thread-safe.
 */
public interface RowReader extends Closeable {

  /**
   * Replaces the content of {@code into} by the rows that follow, as many as there is room for.
   *
   * @return whether there was any; once false, always false, and {@link #checksums} can be asked
   * @throws ZoneFileException if the file cannot be read on; what was read so far is no whole file
   */
  boolean read(RowChunk into) throws ZoneFileException;

  /**
   * SHA-256 of each file as it lies on disk (of the compressed bytes, where it is), as {@code
   * sha256sum} prints it.
   *
   * @throws IllegalStateException if the end has not been reached
   */
  List<String> checksums();

  /** The first {@value ProblemLog#MAX_KEPT} problems of the rows read so far, in file order. */
  List<RowProblem> problems();

  /** How many lines read so far stand for more than one row, such as {@code 004-009}. */
  long expandedLines();

  /** How many rows these lines stand for. */
  long expandedRows();

  /** Closes the file; idempotent, throws nothing, since all that was wanted has been read. */
  @Override
  void close();
}
