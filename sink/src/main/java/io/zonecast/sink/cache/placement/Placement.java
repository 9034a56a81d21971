package io.zonecast.sink.cache.placement;

/**
 * Says on which node of a pool a key lives. Immutable and thread-safe; {@link #nodeFor} allocates
 * nothing for ASCII keys.
 */
@FunctionalInterface
public interface Placement {

  /**
   * The index, in the pool's order, of the node that readers will ask for this key.
   *
   * @param key holds the whole key as the reader's client sees it, prefix included, in UTF-8
   */
  int nodeFor(byte[] key, int offset, int length);

  /** As the other {@code nodeFor}, with a whole array. */
  default int nodeFor(byte[] key) {
    return nodeFor(key, 0, key.length);
  }
}
