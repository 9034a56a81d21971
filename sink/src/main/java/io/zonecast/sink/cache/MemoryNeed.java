package io.zonecast.sink.cache;

/**
 * Adds up the memory that entries need on a node: each entry takes a chunk of its slab class, each
 * class takes whole pages. Not thread-safe.
 */
public final class MemoryNeed {
  private final SlabClasses classes;
  private final int keyPrefixBytes;
  private final long clientFlags;
  private final long[] chunks;
  private long entries;
  private long tooLarge;

  public MemoryNeed(SlabClasses classes, int keyPrefixBytes, long clientFlags) {
    this.classes = classes;
    this.keyPrefixBytes = keyPrefixBytes;
    this.clientFlags = clientFlags;
    this.chunks = new long[classes.count()];
  }

  /**
   * Adds one entry.
   *
   * @param keyBytes without the prefix
   */
  public void add(int keyBytes, int valueBytes) {
    long itemBytes = classes.itemBytes(keyPrefixBytes + keyBytes, valueBytes, clientFlags);
    if (itemBytes > classes.itemSizeMax()) {
      tooLarge++;
      return;
    }
    entries++;
    chunks[classes.classOf(itemBytes)] += classes.chunksOf(itemBytes);
  }

  public void addAll(MemoryNeed other) {
    if (other.chunks.length != chunks.length) {
      throw new IllegalArgumentException("the sums are for nodes with different slab classes");
    }
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] += other.chunks[i];
    }
    entries += other.entries;
    tooLarge += other.tooLarge;
  }

  /**
   * Extrapolates the sum of {@code counted} partitions to all. Partitions are alike, because a
   * key's partition is a hash of the key.
   */
  public MemoryNeed ofAll(int partitions, int counted) {
    var all = new MemoryNeed(classes, keyPrefixBytes, clientFlags);
    for (int i = 0; i < chunks.length; i++) {
      all.chunks[i] = scaled(chunks[i], partitions, counted);
    }
    all.entries = scaled(entries, partitions, counted);
    all.tooLarge = scaled(tooLarge, partitions, counted);
    return all;
  }

  private static long scaled(long number, int partitions, int counted) {
    return (number * partitions + counted - 1) / counted;
  }

  /** The number of entries without those that are too large. */
  public long entries() {
    return entries;
  }

  /** The number of entries over the node's {@code item_size_max}: it refuses each. */
  public long tooLarge() {
    return tooLarge;
  }

  /** The least {@code limit_maxbytes} of a node that holds only these entries. */
  public long bytes() {
    long bytes = 0;
    for (int i = 0; i < chunks.length; i++) {
      bytes += classes.pageBytes(i, chunks[i]);
    }
    return bytes;
  }

  public MemoryVerdict on(NodeAddress node, NodeStats stats) {
    return new MemoryVerdict(node, entries, bytes(), stats.limitBytes(), tooLarge);
  }
}
