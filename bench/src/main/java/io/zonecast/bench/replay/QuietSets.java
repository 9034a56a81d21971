package io.zonecast.bench.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Sets in memcached's meta protocol that say nothing when they succeed ({@code ms <key> <length>
 * q}), in batches that each end with {@code mn}, answered {@code MN}.
 */
final class QuietSets {
  /** What the server answers a batch. */
  static final String ACKNOWLEDGEMENT = "MN\r\n";

  private static final String NOTE = "ms zonecast/";
  private static final byte[] NO_OP = "mn\r\n".getBytes(US_ASCII);
  private static final int SETS_OF_A_BATCH = 5_000;

  private final byte[] bytes;
  private final int count;
  private final int batches;

  private QuietSets(byte[] bytes, int count, int batches) {
    this.bytes = bytes;
    this.count = count;
    this.batches = batches;
  }

  /**
   * Takes the quiet sets out of {@code stream}, which is what a client sent down one connection, in
   * their order; whatever else it sent is left out, such as a sink's notes of how far it is.
   */
  static QuietSets in(byte[] stream) {
    ByteArrayOutputStream sets = new ByteArrayOutputStream(stream.length);
    int count = 0;
    int batches = 0;
    int position = 0;
    while (position < stream.length) {
      int lineEnd = endOfLine(stream, position);
      String line = new String(stream, position, lineEnd - position, US_ASCII).stripTrailing();
      int end = lineEnd + lengthOfBlock(line);
      if (line.startsWith("ms ")
          && !line.startsWith(NOTE)
          && line.endsWith(" q")
          && end <= stream.length) {
        sets.write(stream, position, end - position);
        count++;
        if (count % SETS_OF_A_BATCH == 0) {
          sets.writeBytes(NO_OP);
          batches++;
        }
      }
      position = end;
    }
    sets.writeBytes(NO_OP);
    return new QuietSets(sets.toByteArray(), count, batches + 1);
  }

  int count() {
    return count;
  }

  int batches() {
    return batches;
  }

  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  private static int endOfLine(byte[] stream, int from) {
    int position = from;
    while (position < stream.length && stream[position] != '\n') {
      position++;
    }
    return Math.min(position + 1, stream.length);
  }

  /** Only {@code ms <key> <length> …} is followed by a block, which has a line end of its own. */
  private static int lengthOfBlock(String line) {
    return line.startsWith("ms ") ? Integer.parseInt(line.split(" ", 4)[2]) + 2 : 0;
  }
}
