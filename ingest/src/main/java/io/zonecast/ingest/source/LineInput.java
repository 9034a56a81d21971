package io.zonecast.ingest.source;

import java.io.IOException;
import java.io.InputStream;

/** Lines of bytes, each in the same array, ended by LF or CRLF; the last one by the file's end. */
final class LineInput {
  private final InputStream in;
  private final byte[] buffer = new byte[ZoneFile.BUFFER_BYTES];
  private final byte[] line;
  private int next;
  private int limit;
  private int length;
  private long number;

  /**
   * @param maxLength how much of a line is kept; what a longer one has beyond is counted up to one
   *     byte, and lost
   */
  LineInput(InputStream in, int maxLength) {
    this.in = in;
    // One more for what is too much, one more for the CR of a line of full length.
    line = new byte[maxLength + 2];
  }

  /** Reads the next line, if there is any. */
  boolean next() throws IOException {
    length = 0;
    boolean any = false;
    while (true) {
      if (next == limit && !fill()) {
        break;
      }
      any = true;
      int end = next;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      int kept = Math.min(end - next, line.length - length);
      System.arraycopy(buffer, next, line, length, kept);
      length += kept;
      if (end < limit) {
        next = end + 1;
        break;
      }
      next = end;
    }
    if (any) {
      number++;
      if (length > 0 && line[length - 1] == '\r') {
        length--;
      }
    }
    return any;
  }

  /** The bytes of the line, in an array that the next line overwrites. */
  byte[] bytes() {
    return line;
  }

  /**
   * The line's length without its end; of a line that is too long, some length that is too long.
   */
  int length() {
    return length;
  }

  /** The line's number, from 1. */
  long number() {
    return number;
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer, 0, buffer.length);
    next = 0;
    limit = Math.max(read, 0);
    return read > 0;
  }
}
