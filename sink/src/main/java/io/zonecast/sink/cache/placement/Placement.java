package io.zonecast.sink.cache.placement;

/**
 * Decides which node of a pool has a key. Immutable and thread-safe; {@link #nodeFor} allocates
 * nothing for ASCII keys.
 */
@FunctionalInterface
public interface Placement {

  /**
   * The index, in the pool's order, of the node that readers ask for this key.
   *
   * @param key holds the whole key as the reader's client sees it, prefix included, in UTF-8
   */
  int nodeFor(byte[] key, int offset, int length);

  default int nodeFor(byte[] key) {
    return nodeFor(key, 0, key.length);
  }
}
