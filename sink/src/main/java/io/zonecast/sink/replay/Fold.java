package io.zonecast.sink.replay;

import io.zonecast.sink.entry.EntryReader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Holds the latest record of each key in a range of one partition, tombstones included. It keeps
 * bytes in one arena with a hash table over it: about 40 bytes a row, and no object.
 *
 * <p>A fold has a memory bound. If the range does not fit, it keeps only the keys whose hash is
 * below a ceiling, and halves that ceiling until they fit. Another pass over the same range takes
 * the keys above ({@link #hashCeiling}).
 *
 * <p>One thread fills it. Once complete it does not change, and any number of threads may read it.
 */
public final class Fold {
  /** One past the largest key hash: a fold with this ceiling has left nothing out. */
  public static final long HASH_END = 1L << 32;

  // An entry in the arena: offset (8), node (2, negative once superseded), key length (1,
  // unsigned), value length (4, negative in a tombstone or where a record cannot be read), key,
  // value.
  private static final int NODE_AT = 8;
  private static final int KEY_LENGTH_AT = 10;
  private static final int VALUE_LENGTH_AT = 11;
  private static final int KEY_AT = 15;
  private static final short SUPERSEDED = -1;
  private static final int TOMBSTONE = -1;
  private static final int UNREADABLE = -2;

  /** As much memory as a fold can be allowed: its arena is one array. */
  public static final long MOST_BYTES = 2_047L << 20;

  /** The longest array that every JVM makes. */
  private static final int MOST_ARENA_BYTES = Integer.MAX_VALUE - 16;

  private static final int FIRST_ARENA_BYTES = 1 << 16;
  private static final int FIRST_SLOTS = 1 << 12;

  private final long maxBytes;
  private final long hashFloor;
  private long hashCeiling = HASH_END;

  private ByteBuffer arena = ByteBuffer.allocate(FIRST_ARENA_BYTES);
  private int arenaEnd;
  // Lower half: the arena position plus one, 0 in a free slot. Upper half: the hash, so that a miss
  // need not touch the arena.
  private long[] slots = new long[FIRST_SLOTS];
  private int keys;
  private long supersededBytes;

  /**
   * @param maxBytes bound on arena and table together; a key that does not fit lowers the ceiling
   * @param hashFloor the first key hash that belongs to this pass
   */
  public Fold(long maxBytes, long hashFloor) {
    this.maxBytes = maxBytes;
    this.hashFloor = hashFloor;
  }

  /** Receives folded entries, each key once, in no particular order. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Sees one entry.
     *
     * @param bytes holds key and value; not to be written to
     * @param valueLength negative for a tombstone
     */
    void visit(long offset, byte[] bytes, int keyAt, int keyLength, int valueAt, int valueLength);
  }

  /** The number of keys held, tombstones included. */
  public int size() {
    return keys;
  }

  /** Converts the share of this pass that is read to a share of all passes, from 0 to 1. */
  double shareRead(double ofThisPass) {
    return (hashFloor + (hashCeiling - hashFloor) * ofThisPass) / HASH_END;
  }

  /** The first key hash that this fold left out; {@link #HASH_END} if it has all. */
  public long hashCeiling() {
    return hashCeiling;
  }

  /** Whether the key belongs to this pass. */
  public boolean covers(byte[] key, int at, int length) {
    return coversHash(hash(key, at, length));
  }

  /**
   * Keeps a record unless its key belongs to another pass. Offsets must come in rising order.
   *
   * @param node the index of the node that the key is placed on
   * @param valueLength negative for a tombstone
   */
  public void put(
      long offset,
      int node,
      byte[] key,
      int keyAt,
      int keyLength,
      byte[] value,
      int valueAt,
      int valueLength) {
    int hash = hash(key, keyAt, keyLength);
    if (!coversHash(hash)) {
      return;
    }
    int slot = slotOf(hash, key, keyAt, keyLength);
    int position = positionIn(slot);
    if (position >= 0 && arena.getInt(position + VALUE_LENGTH_AT) == valueLength) {
      // The usual update: a zone as long as the last one needs no room.
      arena.putLong(position, offset);
      arena.put(position + KEY_AT + keyLength, value, valueAt, Math.max(valueLength, 0));
      return;
    }
    int needed = KEY_AT + keyLength + Math.max(valueLength, 0);
    while (!makeRoom(needed)) {
      shrink();
      if (!coversHash(hash)) {
        return;
      }
    }
    slot = slotOf(hash, key, keyAt, keyLength);
    int old = positionIn(slot);
    if (old >= 0) {
      arena.putShort(old + NODE_AT, SUPERSEDED);
      supersededBytes += lengthOf(old);
    } else {
      keys++;
    }
    slots[slot] = slot(hash, arenaEnd);
    arena.putLong(arenaEnd, offset);
    arena.putShort(arenaEnd + NODE_AT, (short) node);
    arena.put(arenaEnd + KEY_LENGTH_AT, (byte) keyLength);
    arena.putInt(arenaEnd + VALUE_LENGTH_AT, valueLength);
    arena.put(arenaEnd + KEY_AT, key, keyAt, keyLength);
    arena.put(arenaEnd + KEY_AT + keyLength, value, valueAt, Math.max(valueLength, 0));
    arenaEnd += needed;
  }

  /** As the other {@code put}, with the entry that the reader has just read. */
  public void put(long offset, EntryReader read) {
    put(
        offset,
        read.node(),
        read.key(),
        read.keyAt(),
        read.keyLength(),
        read.value(),
        0,
        read.valueLength());
  }

  /**
   * Notes a record that can never be read. It is not visited and replaces no other record of its
   * key. If the range has no other record of the key, the cache's entry is not an orphan.
   */
  public void putUnreadable(long offset, int node, byte[] key, int keyAt, int keyLength) {
    if (offsetOf(key, keyAt, keyLength) < 0) {
      put(offset, node, key, keyAt, keyLength, key, keyAt, UNREADABLE);
    }
  }

  /** Visits the entries of one node written at or after {@code fromOffset}. */
  public void forEach(int node, long fromOffset, Visitor visitor) {
    new Cursor(node, fromOffset).advance(Long.MAX_VALUE, visitor);
  }

  /** Walks the entries of one node as {@link #forEach} does, a batch at a time. */
  public final class Cursor {
    private final int node;
    private final long fromOffset;
    private int at;

    public Cursor(int node, long fromOffset) {
      this.node = node;
      this.fromOffset = fromOffset;
    }

    /** Visits at most {@code limit} further entries; false once there are no more. */
    public boolean advance(long limit, Visitor visitor) {
      long visited = 0;
      while (at < arenaEnd && visited < limit) {
        int entry = at;
        int keyLength = keyLengthAt(entry);
        int valueLength = arena.getInt(entry + VALUE_LENGTH_AT);
        int valueAt = entry + KEY_AT + keyLength;
        at = valueAt + Math.max(valueLength, 0);
        if (arena.getShort(entry + NODE_AT) == node
            && valueLength != UNREADABLE
            && arena.getLong(entry) >= fromOffset) {
          visited++;
          visitor.visit(
              arena.getLong(entry), arena.array(), entry + KEY_AT, keyLength, valueAt, valueLength);
        }
      }
      return at < arenaEnd;
    }

    /** How much of the fold this walk has passed, from 0 to 1. */
    public double fractionDone() {
      return arenaEnd == 0 ? 1 : (double) at / arenaEnd;
    }
  }

  /** Whether this node may hold the key: its last record is a value, or none could be read. */
  public boolean holdsLive(int node, byte[] key, int keyAt, int keyLength) {
    int position = positionIn(slotOf(hash(key, keyAt, keyLength), key, keyAt, keyLength));
    return position >= 0
        && arena.getShort(position + NODE_AT) == node
        && arena.getInt(position + VALUE_LENGTH_AT) != TOMBSTONE;
  }

  /** The offset of the record that the fold holds for a key; -1 if it holds none. */
  public long offsetOf(byte[] key, int keyAt, int keyLength) {
    int position = positionIn(slotOf(hash(key, keyAt, keyLength), key, keyAt, keyLength));
    return position < 0 ? -1 : arena.getLong(position);
  }

  /** Whether the key's last record is this value, placed on this node. */
  public boolean holdsValue(
      int node, byte[] key, int keyAt, int keyLength, byte[] value, int valueLength) {
    int position = positionIn(slotOf(hash(key, keyAt, keyLength), key, keyAt, keyLength));
    int valueAt = position + KEY_AT + keyLength;
    return position >= 0
        && arena.getShort(position + NODE_AT) == node
        && arena.getInt(position + VALUE_LENGTH_AT) == valueLength
        && Arrays.equals(arena.array(), valueAt, valueAt + valueLength, value, 0, valueLength);
  }

  /** The bytes held by arena and table. */
  long bytes() {
    return arena.capacity() + 8L * slots.length;
  }

  private boolean coversHash(int hash) {
    long unsigned = Integer.toUnsignedLong(hash);
    return unsigned >= hashFloor && unsigned < hashCeiling;
  }

  private int keyLengthAt(int position) {
    return arena.get(position + KEY_LENGTH_AT) & 0xff;
  }

  private int lengthOf(int position) {
    return KEY_AT + keyLengthAt(position) + Math.max(arena.getInt(position + VALUE_LENGTH_AT), 0);
  }

  /** Grows arena and table for one more entry; false if the bound forbids it. */
  private boolean makeRoom(int needed) {
    if (keys + 1 > slots.length / 4 * 3 && !growTable()) {
      return false;
    }
    if ((long) arenaEnd + needed <= arena.capacity()) {
      return true;
    }
    if (supersededBytes > arenaEnd / 2) {
      compact();
      return makeRoom(needed);
    }
    int length = grown(arena.capacity(), (long) arenaEnd + needed, maxBytes - 8L * slots.length);
    // One entry alone is always taken: a bound smaller than a row would otherwise never end.
    if (arenaEnd == 0) {
      length = Math.max(length, needed);
    }
    if (length < (long) arenaEnd + needed) {
      return false;
    }
    arena = ByteBuffer.wrap(Arrays.copyOf(arena.array(), length));
    return true;
  }

  /** The new length of an arena that has to hold {@code least} bytes: half as much again. */
  static int grown(int length, long least, long allowed) {
    long wanted = Math.max(length + (long) (length >> 1), least);
    return (int) Math.max(0, Math.min(wanted, Math.min(allowed, MOST_ARENA_BYTES)));
  }

  private boolean growTable() {
    int wanted = slots.length * 2;
    if (keys > 0 && arena.capacity() + 8L * wanted > maxBytes) {
      return false;
    }
    long[] old = slots;
    slots = new long[wanted];
    for (long taken : old) {
      if (taken != 0) {
        int slot = firstSlot(hashIn(taken));
        while (slots[slot] != 0) {
          slot = next(slot);
        }
        slots[slot] = taken;
      }
    }
    return true;
  }

  /** Drops superseded entries and, if those were few, the upper half of the hashes. */
  private void shrink() {
    if (supersededBytes <= arenaEnd / 4) {
      // With a single hash left there is nothing to halve: its keys must then fit together.
      if (hashCeiling - hashFloor <= 1) {
        throw new IllegalStateException(
            "a fold of " + maxBytes + " bytes cannot hold the " + keys + " keys of one hash");
      }
      hashCeiling = hashFloor + (hashCeiling - hashFloor) / 2;
    }
    compact();
  }

  /** Rewrites arena and table without uncovered and superseded entries. */
  private void compact() {
    Arrays.fill(slots, 0);
    int end = arenaEnd;
    keys = 0;
    arenaEnd = 0;
    supersededBytes = 0;
    for (int at = 0, length; at < end; at += length) {
      length = lengthOf(at);
      int keyLength = keyLengthAt(at);
      int hash = hash(arena.array(), at + KEY_AT, keyLength);
      if (arena.getShort(at + NODE_AT) != SUPERSEDED && coversHash(hash)) {
        // Moves only towards the start, so nothing unread is written over.
        System.arraycopy(arena.array(), at, arena.array(), arenaEnd, length);
        int slot = slotOf(hash, arena.array(), arenaEnd + KEY_AT, keyLength);
        slots[slot] = slot(hash, arenaEnd);
        keys++;
        arenaEnd += length;
      }
    }
  }

  /** The slot that holds the key, or the free one where it would go. */
  private int slotOf(int hash, byte[] key, int keyAt, int keyLength) {
    int slot = firstSlot(hash);
    while (slots[slot] != 0) {
      if (hashIn(slots[slot]) == hash && holdsKey(positionIn(slot), key, keyAt, keyLength)) {
        return slot;
      }
      slot = next(slot);
    }
    return slot;
  }

  private static long slot(int hash, int position) {
    return ((long) hash << Integer.SIZE) | (position + 1);
  }

  private static int hashIn(long slot) {
    return (int) (slot >>> Integer.SIZE);
  }

  /** The position of the slot's entry in the arena; -1 if the slot is free. */
  private int positionIn(int slot) {
    return (int) slots[slot] - 1;
  }

  private boolean holdsKey(int position, byte[] key, int keyAt, int keyLength) {
    return keyLengthAt(position) == keyLength
        && Arrays.equals(
            arena.array(),
            position + KEY_AT,
            position + KEY_AT + keyLength,
            key,
            keyAt,
            keyAt + keyLength);
  }

  private int firstSlot(int hash) {
    // The passes divide the hashes by their upper bits, so the slot comes from all of them.
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 16)) & (slots.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  /** FNV-1a with a final mix: keys are short, and no one gains from making these collide. */
  private static int hash(byte[] key, int at, int length) {
    int hash = 0x811C9DC5;
    for (int i = at; i < at + length; i++) {
      hash = (hash ^ key[i]) * 0x01000193;
    }
    hash ^= hash >>> 16;
    hash *= 0x85EBCA6B;
    hash ^= hash >>> 13;
    return hash;
  }
}
