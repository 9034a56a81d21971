package io.zonecast.ingest.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys that left the file, with what stood under each: their bytes one after the other in
 * blocks, about 5 more than the key has. Collected before the transaction is opened, so that the
 * second reading of the topic holds back nobody.
 */
final class RemovedKeys {
  private static final int BLOCK_BYTES = 1 << 20;

  private final List<byte[]> blocks = new ArrayList<>();
  private byte[] block = {};
  private int used;
  private int[] before = new int[16];
  private int size;

  /** Takes each key in turn. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    /**
     * Takes one key.
     *
     * @param before what stood there, for {@link TopicDigest#valueOf}
     */
    void visit(byte[] key, int before) throws E;
  }

  void add(byte[] bytes, int offset, int length, int valueBefore) {
    if (used + 1 + length > block.length) {
      block = new byte[BLOCK_BYTES];
      blocks.add(block);
      used = 0;
    }
    // A key has 98 bytes at most; a length of 0 is the end of a block that is not full.
    block[used++] = (byte) length;
    System.arraycopy(bytes, offset, block, used, length);
    used += length;
    if (size == before.length) {
      before = Arrays.copyOf(before, size + (size >> 1));
    }
    before[size++] = valueBefore;
  }

  int size() {
    return size;
  }

  <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    int n = 0;
    for (byte[] keys : blocks) {
      int at = 0;
      while (at < keys.length && keys[at] != 0) {
        int end = at + 1 + keys[at];
        visitor.visit(Arrays.copyOfRange(keys, at + 1, end), before[n++]);
        at = end;
      }
    }
  }
}
