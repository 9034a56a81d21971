package io.zonecast.sink.cache.placement;

import java.nio.charset.StandardCharsets;

/** {@code (key.hashCode() & 0xffffffff) % n}, as spymemcached and XMemcached have it. */
final class ModuloPlacement implements Placement {
  private final int nodes;

  ModuloPlacement(int nodes) {
    this.nodes = nodes;
  }

  @Override
  public int nodeFor(byte[] key, int offset, int length) {
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      if (key[i] < 0) {
        // hashCode runs over UTF-16; bytes and characters are the same only in ASCII.
        hash = new String(key, offset, length, StandardCharsets.UTF_8).hashCode();
        break;
      }
      hash = 31 * hash + key[i];
    }
    return Integer.remainderUnsigned(hash, nodes);
  }
}
