package io.zonecast.ingest.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Consecutive rows of a file, in primitive arrays that are used again for the next chunk: reading a
 * row allocates nothing. A row's text is UTF-8 in {@link #bytes}: its key, as the record's key will
 * be, then its zone, then its flags. Not thread-safe.
 */
public final class RowChunk {

  /** What a row asks for. */
  public enum Kind {
    /** The pair has this zone. */
    UPSERT,
    /** The pair has no zone any more; only in a file of changes. */
    DELETE,
    /**
     * Nothing: the row is bad. Its key is here if it could be read ({@link #keyLength} is not 0),
     * else its carrier if that could ({@link #carrierLength} is not 0).
     */
    REJECTED
  }

  /** Stands for the effective date of a row that has none. */
  public static final int UNDATED = Integer.MIN_VALUE;

  private static final int TYPICAL_ROW_BYTES = 16;

  private final int capacity;
  private final Kind[] kinds;
  private final int[] lines;
  private final int[] files;
  private final int[] starts;
  private final byte[] carrierLengths;
  private final byte[] originLengths;
  private final byte[] destinationLengths;
  private final byte[] zoneLengths;
  private final byte[] flagsLengths;
  private final int[] epochDays;
  private final Map<Integer, List<Doubt>> doubts = new HashMap<>();
  private byte[] bytes;
  private int used;
  private int size;
  private long firstOrdinal;

  /**
   * @param capacity the most rows that it takes, at least 1
   */
  public RowChunk(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " rows, needs at least 1");
    }
    this.capacity = capacity;
    kinds = new Kind[capacity];
    lines = new int[capacity];
    files = new int[capacity];
    starts = new int[capacity];
    carrierLengths = new byte[capacity];
    originLengths = new byte[capacity];
    destinationLengths = new byte[capacity];
    zoneLengths = new byte[capacity];
    flagsLengths = new byte[capacity];
    epochDays = new int[capacity];
    bytes = new byte[capacity * TYPICAL_ROW_BYTES];
  }

  public int size() {
    return size;
  }

  /** How many rows of the file come before this chunk's first. */
  public long firstOrdinal() {
    return firstOrdinal;
  }

  /** The text of all rows; another array may stand here after the next read. */
  public byte[] bytes() {
    return bytes;
  }

  public Kind kind(int row) {
    return kinds[row];
  }

  /** The line of the file on which the row begins, from 1. */
  public long line(int row) {
    return lines[row];
  }

  /** Which of the files read together has the row, from 0. */
  public int file(int row) {
    return files[row];
  }

  /** Where the key, {@code carrier:origin:destination}, begins in {@link #bytes}. */
  public int keyOffset(int row) {
    return starts[row];
  }

  /** The key's length; 0 for a rejected row whose key could not be read. */
  public int keyLength(int row) {
    return originLengths[row] == 0
        ? 0
        : carrierLengths[row] + 1 + originLengths[row] + 1 + destinationLengths[row];
  }

  /** The length of the carrier, with which the key begins; 0 if it could not be read. */
  public int carrierLength(int row) {
    return carrierLengths[row];
  }

  public int originOffset(int row) {
    return starts[row] + carrierLengths[row] + 1;
  }

  public int originLength(int row) {
    return originLengths[row];
  }

  public int destinationOffset(int row) {
    return originOffset(row) + originLengths[row] + 1;
  }

  public int destinationLength(int row) {
    return destinationLengths[row];
  }

  public int zoneOffset(int row) {
    return starts[row] + keyLength(row);
  }

  /** The length of the zone; 0 unless the row is an upsert. */
  public int zoneLength(int row) {
    return zoneLengths[row];
  }

  public int flagsOffset(int row) {
    return zoneOffset(row) + zoneLengths[row];
  }

  /** The length of the flags; 0 if there are none. */
  public int flagsLength(int row) {
    return flagsLengths[row];
  }

  /** From when the zone applies, in days since 1970-01-01, or {@link #UNDATED}. */
  public int effectiveEpochDay(int row) {
    return epochDays[row];
  }

  /** A copy of the row's key, as the record's key. */
  public byte[] key(int row) {
    return Arrays.copyOfRange(bytes, starts[row], starts[row] + keyLength(row));
  }

  public String keyText(int row) {
    return new String(bytes, starts[row], keyLength(row), StandardCharsets.US_ASCII);
  }

  public String zoneText(int row) {
    return new String(bytes, zoneOffset(row), zoneLengths[row], StandardCharsets.UTF_8);
  }

  public String flagsText(int row) {
    return new String(bytes, flagsOffset(row), flagsLengths[row], StandardCharsets.UTF_8);
  }

  /** Adds a copy of a row of another chunk, for which there must be room. */
  public void addCopy(RowChunk other, int row) {
    int length = other.flagsOffset(row) + other.flagsLength(row) - other.keyOffset(row);
    int at = reserve(length);
    System.arraycopy(other.bytes, other.keyOffset(row), bytes, at, length);
    files[size] = other.files[row];
    add(
        other.kinds[row],
        other.lines[row],
        other.carrierLengths[row],
        other.originLengths[row],
        other.destinationLengths[row],
        other.zoneLengths[row],
        other.flagsLengths[row],
        other.epochDays[row]);
  }

  /** The rows are those of a file that follows others, which have {@code rowsBefore} rows. */
  void place(int file, long rowsBefore) {
    firstOrdinal += rowsBefore;
    Arrays.fill(files, 0, size, file);
  }

  /** Whether it takes no more rows. */
  public boolean isFull() {
    return size == capacity;
  }

  /** Why the row may be bad although it keeps the rules; empty for nearly every row. */
  public List<Doubt> doubts(int row) {
    return doubts.isEmpty() ? List.of() : doubts.getOrDefault(row, List.of());
  }

  /** The row added last is in doubt. */
  void doubts(List<Doubt> why) {
    doubts.put(size - 1, why);
  }

  /** Forgets all rows; the next one added is the file's {@code firstOrdinal}th, from 0. */
  void clear(long firstOrdinal) {
    this.firstOrdinal = firstOrdinal;
    size = 0;
    used = 0;
    doubts.clear();
  }

  /** Makes room for {@code length} more bytes, to be written into {@link #bytes} at the result. */
  int reserve(int length) {
    if (used + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + length));
    }
    return used;
  }

  /** Adds an upsert or a delete whose bytes have been written at {@link #reserve}'s result. */
  void add(
      Kind kind,
      long line,
      int carrierLength,
      int originLength,
      int destinationLength,
      int zoneLength,
      int flagsLength,
      int epochDay) {
    int row = size++;
    kinds[row] = kind;
    lines[row] = (int) Math.min(line, Integer.MAX_VALUE);
    starts[row] = used;
    carrierLengths[row] = (byte) carrierLength;
    originLengths[row] = (byte) originLength;
    destinationLengths[row] = (byte) destinationLength;
    zoneLengths[row] = (byte) zoneLength;
    flagsLengths[row] = (byte) flagsLength;
    epochDays[row] = epochDay;
    used +=
        carrierLength
            + originLength
            + destinationLength
            + (originLength == 0 ? 0 : 2)
            + zoneLength
            + flagsLength;
  }
}
