package io.zonecast.ingest.source;

import java.io.IOException;

/** Reads the rows of one file in one format. Not thread-safe. */
@FunctionalInterface
interface RowSource {
  /**
   * Adds the rows that follow to a chunk until it is full. Adds none only at the end.
   *
   * @throws IOException if the file cannot be read on
   */
  void fill(RowChunk into) throws IOException;
}
