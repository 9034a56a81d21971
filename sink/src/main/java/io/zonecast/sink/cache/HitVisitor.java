package io.zonecast.sink.cache;

/** Sees the entries that a {@link KeyBatch} found, in its order, on the connection's thread. */
@FunctionalInterface
public interface HitVisitor {

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
