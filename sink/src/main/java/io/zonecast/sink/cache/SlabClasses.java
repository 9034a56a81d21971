package io.zonecast.sink.cache;

import java.util.Arrays;
import java.util.Map;

/**
 * The sizes to which a memcached rounds its items up. It takes memory in pages; each page belongs
 * to one size ("slab class") and is cut into chunks of that size. So an entry costs its chunk, and
 * the last page of each class counts whole.
 */
public final class SlabClasses {
  /** The struct before every item, on 64-bit machines. */
  private static final int ITEM_HEADER_BYTES = 48;

  private static final int CAS_BYTES = 8;
  private static final int FLAGS_BYTES = 4;
  private static final int CHUNK_ALIGN_BYTES = 8;
  private static final int MAX_CLASSES = 63;
  private static final int PAGE_BYTES = 1 << 20;

  private final int[] chunkBytes;
  private final boolean casEnabled;
  private final long itemSizeMax;

  private SlabClasses(int[] chunkBytes, boolean casEnabled, long itemSizeMax) {
    this.chunkBytes = chunkBytes;
    this.casEnabled = casEnabled;
    this.itemSizeMax = itemSizeMax;
  }

  /** Computes a node's classes from its {@code stats settings}, else memcached's defaults. */
  public static SlabClasses of(Map<String, String> settings) {
    double growth = Double.parseDouble(settings.getOrDefault("growth_factor", "1.25"));
    int largest = Integer.parseInt(settings.getOrDefault("slab_chunk_max", "524288"));
    int size = ITEM_HEADER_BYTES + Integer.parseInt(settings.getOrDefault("chunk_size", "48"));
    int[] sizes = new int[MAX_CLASSES];
    int count = 0;
    while (count < MAX_CLASSES - 1 && size < largest / growth) {
      size = (int) ceilDiv(size, CHUNK_ALIGN_BYTES) * CHUNK_ALIGN_BYTES;
      sizes[count++] = size;
      size = (int) (size * growth);
    }
    sizes[count++] = largest;
    return new SlabClasses(
        Arrays.copyOf(sizes, count),
        !"no".equals(settings.get("cas_enabled")),
        Long.parseLong(settings.getOrDefault("item_size_max", "1048576")));
  }

  /** Whether {@link MemoryNeed}s made with both can be added. */
  public boolean isLike(SlabClasses other) {
    return Arrays.equals(chunkBytes, other.chunkBytes)
        && casEnabled == other.casEnabled
        && itemSizeMax == other.itemSizeMax;
  }

  /** What one entry takes in its chunk: header, key, value and memcached's own bytes. */
  long itemBytes(int keyBytes, int valueBytes, long clientFlags) {
    return ITEM_HEADER_BYTES
        + (casEnabled ? CAS_BYTES : 0)
        + (clientFlags == 0 ? 0 : FLAGS_BYTES)
        + (keyBytes + 1L)
        + (valueBytes + 2L);
  }

  long itemSizeMax() {
    return itemSizeMax;
  }

  int count() {
    return chunkBytes.length;
  }

  /** The class of an item of this size; the last also takes the pieces of larger items. */
  int classOf(long itemBytes) {
    int at = Arrays.binarySearch(chunkBytes, (int) Math.min(itemBytes, Integer.MAX_VALUE));
    return Math.min(at >= 0 ? at : -at - 1, chunkBytes.length - 1);
  }

  /** The number of chunks that an item takes: one, unless it is larger than the largest. */
  long chunksOf(long itemBytes) {
    return Math.max(1, ceilDiv(itemBytes, chunkBytes[chunkBytes.length - 1]));
  }

  /** The memory of the pages that n chunks of a class need. */
  long pageBytes(int slabClass, long chunks) {
    return ceilDiv(chunks, PAGE_BYTES / chunkBytes[slabClass]) * PAGE_BYTES;
  }

  private static long ceilDiv(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
