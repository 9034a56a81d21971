package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys to read in one round trip, encoded as they come into quiet {@code mg <key> v f c q
 * O<index>}: absent ones are passed over in silence, and each hit says which key it answers. Not
 * thread-safe; once sent it must not be changed until it is answered.
 */
public final class MultiGetKeys {
  private static final byte[] GET = ProtocolBytes.ascii("mg ");
  private static final byte[] WANTED = ProtocolBytes.ascii(" v f c q O");

  private final byte[] keyPrefix;
  private final ProtocolBytes bytes = new ProtocolBytes(1 << 12);
  private int count;

  /** Sees the entries that were found, in the batch's order, on the connection's thread. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Sees one entry.
     *
     * @param index of the key in the batch
     * @param clientFlags as stored beside the value, unsigned
     * @param cas the entry's CAS, unsigned; 0 on a node that keeps none
     * @param value the value is {@code value[0, valueLength)}; it is overwritten by the next
     */
    void onHit(int index, long clientFlags, long cas, byte[] value, int valueLength);
  }

  /**
   * An empty batch.
   *
   * @param keyPrefix comes before every key; may be empty
   */
  public MultiGetKeys(String keyPrefix) {
    this.keyPrefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Adds a key; its index is the {@link #count} before.
   *
   * @return {@link KeyCheck#FITS}, or why nothing was added
   */
  public KeyCheck add(byte[] key, int offset, int length) {
    KeyCheck check = KeyCheck.of(keyPrefix.length, key, offset, length);
    if (check == KeyCheck.FITS) {
      bytes.put(GET).put(keyPrefix).put(key, offset, length).put(WANTED);
      bytes.putDecimal(count++).put("\r\n");
    }
    return check;
  }

  public int count() {
    return count;
  }

  byte[] request() {
    byte[] request = Arrays.copyOf(bytes.array(), bytes.length() + EntryBatch.NO_OP.length);
    System.arraycopy(EntryBatch.NO_OP, 0, request, bytes.length(), EntryBatch.NO_OP.length);
    return request;
  }
}
