package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk.Kind;

/**
 * Some rows of the file, or records of the topic, reduced to what a comparison needs: 33 bytes
 * each. Filled by one thread, handed over, read by another.
 */
final class DigestBlock {
  static final int CAPACITY = 4096;

  /** Stands for the number of a carrier that could not be read. */
  static final int NO_CARRIER = -1;

  /** Stands for the number of a zone and flags where there are none. */
  static final int NO_VALUE = -1;

  /** Stands for the number of a zone and flags that could not be read. */
  static final int UNREADABLE_VALUE = -2;

  private static final int NO_KEY = -3;

  private final Kind[] kinds;
  private final long[] digests;
  private final int[] carriers;
  private final int[] values;
  private final int[] origins;
  private final int[] destinations;
  private int size;

  DigestBlock(int capacity) {
    kinds = new Kind[capacity];
    digests = new long[2 * capacity];
    carriers = new int[capacity];
    values = new int[capacity];
    origins = new int[capacity];
    destinations = new int[capacity];
  }

  /** The codes of the row added last. */
  void codes(int origin, int destination) {
    origins[size - 1] = origin;
    destinations[size - 1] = destination;
  }

  void add(Kind kind, long firstDigest, long secondDigest, int carrier, int value) {
    kinds[size] = kind;
    digests[2 * size] = firstDigest;
    digests[2 * size + 1] = secondDigest;
    carriers[size] = carrier;
    values[size] = value;
    size++;
  }

  /** Adds a rejected row whose key could not be read. */
  void addKeyless(int carrier) {
    add(Kind.REJECTED, 0, 0, carrier, NO_KEY);
  }

  boolean isFull() {
    return size == kinds.length;
  }

  int size() {
    return size;
  }

  Kind kind(int row) {
    return kinds[row];
  }

  /** Whether there is a key; a rejected row may have none. */
  boolean hasKey(int row) {
    return values[row] != NO_KEY;
  }

  long firstDigest(int row) {
    return digests[2 * row];
  }

  long secondDigest(int row) {
    return digests[2 * row + 1];
  }

  /** The number of the carrier, or {@link #NO_CARRIER}. */
  int carrier(int row) {
    return carriers[row];
  }

  /** The number of the origin, as {@link CarrierCodes#names} gives it. */
  int origin(int row) {
    return origins[row];
  }

  int destination(int row) {
    return destinations[row];
  }

  /** The number of the zone and flags of an upsert, or {@link #UNREADABLE_VALUE}. */
  int value(int row) {
    return values[row];
  }
}
