package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes sets and deletes into quiet meta commands, in the order in which the node applies them:
 * {@code ms <key> <length> q}, {@code md <key> q}. Adding an entry allocates nothing once the batch
 * has grown to its working size; {@link #clear} keeps that size.
 *
 * <p>A tombstone becomes a delete, in the order of the records: {@code poll.LiveSender} adds the
 * live records, {@code fill.PartSender} those of a fill.
 *
 * <p>From {@link NodeConnection#send} until the listener is called the batch belongs to the
 * connection and refuses every change. Not thread-safe: one thread fills it.
 *
 * @see <a href="https://docs.memcached.org/protocols/meta/">memcached's meta protocol</a>
 */
public final class EntryBatch {
  private static final byte[] SET = ProtocolBytes.ascii("ms ");
  private static final byte[] DELETE = ProtocolBytes.ascii("md ");
  private static final byte[] QUIET = ProtocolBytes.ascii(" q\r\n");
  private static final byte[] CRLF = ProtocolBytes.ascii("\r\n");
  static final byte[] NO_OP = ProtocolBytes.ascii("mn\r\n");

  private final byte[] keyPrefix;
  private final byte[] flags;
  private final ProtocolBytes bytes = new ProtocolBytes(1 << 12);
  private int[] starts = new int[64];
  private int count;
  private int deletes;
  private volatile boolean inFlight;

  /**
   * @param keyPrefix goes before every key; may be empty
   * @param clientFlags stored beside each value for the reader's client, 0 to 2^32-1; every client
   *     reads 0 as plain bytes
   */
  public EntryBatch(String keyPrefix, long clientFlags) {
    if (clientFlags < 0 || clientFlags > 0xffff_ffffL) {
      throw new IllegalArgumentException(
          "client flags: %d does not fit; memcached keeps 0 to 4294967295".formatted(clientFlags));
    }
    this.keyPrefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
    KeyCheck check = KeyCheck.of(1, this.keyPrefix, 0, this.keyPrefix.length);
    if (check != KeyCheck.FITS) {
      throw new IllegalArgumentException(
          "key prefix \"%s\" %s; choose another".formatted(keyPrefix, check.reason()));
    }
    this.flags = ProtocolBytes.ascii(clientFlags == 0 ? "" : " F" + clientFlags);
  }

  /**
   * Adds a set without expiry, unless memcached cannot hold the key.
   *
   * @return {@link KeyCheck#FITS}, or why nothing was added
   */
  public KeyCheck set(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    KeyCheck check = begin(SET, key, keyOffset, keyLength);
    if (check == KeyCheck.FITS) {
      bytes.put(' ').putDecimal(valueLength).put(flags).put(QUIET);
      bytes.put(value, valueOffset, valueLength).put(CRLF);
    }
    return check;
  }

  /**
   * Adds a set of an entry that the node forgets after {@code seconds}, one more or less: {@code ms
   * <key> <length> T<seconds> q}.
   *
   * @return {@link KeyCheck#FITS}, or why nothing was added
   */
  public KeyCheck setFor(byte[] key, byte[] value, int seconds) {
    if (seconds < 1) {
      throw new IllegalArgumentException(
          seconds + " s: memcached takes 0 for ever and less for gone; give 1 or more");
    }
    KeyCheck check = begin(SET, key, 0, key.length);
    if (check == KeyCheck.FITS) {
      bytes.put(' ').putDecimal(value.length).put(flags).put(" T").putDecimal(seconds).put(QUIET);
      bytes.put(value).put(CRLF);
    }
    return check;
  }

  public KeyCheck set(byte[] key, byte[] value) {
    return set(key, 0, key.length, value, 0, value.length);
  }

  /**
   * Adds a delete, unless memcached cannot hold the key. A missing entry counts as deleted.
   *
   * @return {@link KeyCheck#FITS}, or why nothing was added
   */
  public KeyCheck delete(byte[] key, int keyOffset, int keyLength) {
    KeyCheck check = begin(DELETE, key, keyOffset, keyLength);
    if (check == KeyCheck.FITS) {
      bytes.put(QUIET);
    }
    return check;
  }

  public KeyCheck delete(byte[] key) {
    return delete(key, 0, key.length);
  }

  /**
   * Adds a delete of the entry that has this CAS. An entry that has changed stays; the node reports
   * the failure {@code EX}.
   */
  public KeyCheck deleteIfUnchanged(byte[] key, int keyOffset, int keyLength, long cas) {
    KeyCheck check = begin(DELETE, key, keyOffset, keyLength);
    if (check == KeyCheck.FITS) {
      bytes.put(" C").put(Long.toUnsignedString(cas)).put(QUIET);
    }
    return check;
  }

  private KeyCheck begin(byte[] command, byte[] key, int offset, int length) {
    requireAtHome();
    KeyCheck check = KeyCheck.of(keyPrefix.length, key, offset, length);
    if (check != KeyCheck.FITS) {
      return check;
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
    }
    starts[count++] = bytes.length();
    deletes += command == DELETE ? 1 : 0;
    bytes.put(command).put(keyPrefix).put(key, offset, length);
    return check;
  }

  public int count() {
    return count;
  }

  int deletes() {
    return deletes;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The length on the wire. */
  public int bytes() {
    return bytes.length() + NO_OP.length;
  }

  /** The key of the entry that was added as number {@code index}, prefix included. */
  public String key(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("entry %d of %d".formatted(index, count));
    }
    int start = starts[index] + SET.length;
    int end = start;
    // A key has no space, and what follows it begins with one.
    while (bytes.array()[end] != ' ') {
      end++;
    }
    return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
  }

  public boolean isDelete(int index) {
    return bytes.array()[starts[index] + 1] == 'd';
  }

  /** Empties the batch and keeps its memory. */
  public void clear() {
    requireAtHome();
    bytes.clear();
    count = 0;
    deletes = 0;
  }

  private void requireAtHome() {
    if (inFlight) {
      throw new IllegalStateException(
          "a batch of %d entries is in flight; wait for its listener before using it again"
              .formatted(count));
    }
  }

  /** Hands the batch to a connection, which calls {@link #comeHome} before the listener. */
  void takeOff() {
    requireAtHome();
    inFlight = true;
  }

  void comeHome() {
    inFlight = false;
  }

  /** The commands and {@code mn}: the first {@link #bytes} of the array. */
  byte[] quiet() {
    bytes.reserve(NO_OP.length);
    System.arraycopy(NO_OP, 0, bytes.array(), bytes.length(), NO_OP.length);
    return bytes.array();
  }

  /** The same commands without {@code q}, so that each is answered, and {@code mn}. */
  byte[] loud() {
    byte[] all = bytes.array();
    ProtocolBytes loud = new ProtocolBytes(bytes() + 1);
    for (int i = 0; i < count; i++) {
      int end = i + 1 < count ? starts[i + 1] : bytes.length();
      int lineEnd = starts[i];
      while (all[lineEnd] != '\r') {
        lineEnd++;
      }
      int quietMark = lineEnd - (QUIET.length - CRLF.length);
      loud.put(all, starts[i], quietMark - starts[i]).put(all, lineEnd, end - lineEnd);
    }
    loud.put(NO_OP);
    return Arrays.copyOf(loud.array(), loud.length());
  }

  @Override
  public String toString() {
    return "batch of %d entries, %d bytes".formatted(count, bytes());
  }
}
