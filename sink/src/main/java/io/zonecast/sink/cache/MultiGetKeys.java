package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes keys to read in one round trip into quiet {@code mg <key> v f c q O<index>}: the node
 * answers only hits, each with its index. Not thread-safe; do not change it between sending and the
 * answer.
 */
public final class MultiGetKeys {
  private static final byte[] GET = ProtocolBytes.ascii("mg ");
  private static final byte[] WANTED = ProtocolBytes.ascii(" v f c q O");

  private final byte[] keyPrefix;
  private final ProtocolBytes bytes = new ProtocolBytes(1 << 12);
  private int count;

  /** Sees the hits in the order of the keys, on the connection's thread. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Sees one hit.
     *
     * @param index of the key, in the order of adding
     * @param clientFlags as stored beside the value, unsigned
     * @param cas the entry's CAS, unsigned; 0 on a node that runs without
     * @param value the value is {@code value[0, valueLength)}; the next one overwrites it
     */
    void onHit(int index, long clientFlags, long cas, byte[] value, int valueLength);
  }

  /**
   * @param keyPrefix goes before every key; may be empty
   */
  public MultiGetKeys(String keyPrefix) {
    this.keyPrefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Adds a key.
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
