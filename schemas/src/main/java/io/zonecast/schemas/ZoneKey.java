package io.zonecast.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The key of a zone row: {@code carrier:origin:destination}, as {@code usps:005:010}. Each part is
 * {@value #PART_RULE}, the carrier in lower case. Direction matters: (a, b) and (b, a) are two
 * keys.
 *
 * <p>The key is text, not Avro: the same row written under two schema ids would be two keys, and
 * compaction would keep both.
 */
public record ZoneKey(String carrier, String origin, String destination) {
  /** The most characters that a part may have. */
  public static final int MAX_PART_LENGTH = 32;

  /** The most bytes that a key may have: three parts and two colons. */
  public static final int MAX_LENGTH = 3 * MAX_PART_LENGTH + 2;

  /** The rule for a part, as messages and documents put it. */
  public static final String PART_RULE = "1 to 32 characters of A-Z a-z 0-9 . _ -";

  private static final byte SEPARATOR = ':';
  private static final int PARTS = 3;
  private static final boolean[] IN_PART = new boolean[128];
  private static final boolean[] IN_CARRIER = new boolean[128];

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      IN_PART[c] = true;
      IN_CARRIER[c] = true;
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      IN_PART[c] = true;
    }
    for (char c : "0123456789._-".toCharArray()) {
      IN_PART[c] = true;
      IN_CARRIER[c] = true;
    }
  }

  /**
   * Holds each part to the rule.
   *
   * @throws IllegalArgumentException naming the part, its value and the rule that it breaks
   */
  public ZoneKey {
    requirePart("carrier", carrier);
    requirePart("origin", origin);
    requirePart("destination", destination);
    if (!isCarrier(carrier)) {
      throw new IllegalArgumentException(
          "carrier \"%s\" must be in lower case; write it as \"%s\""
              .formatted(carrier, carrier.toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * Makes a key of its parts.
   *
   * @throws IllegalArgumentException naming the part, its value and the rule that it breaks
   */
  public static ZoneKey of(String carrier, String origin, String destination) {
    return new ZoneKey(carrier, origin, destination);
  }

  /**
   * Reads a key as a record carries it.
   *
   * @throws IllegalArgumentException naming what is wrong with it
   */
  public static ZoneKey parse(String key) {
    String[] parts = key.split(":", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException(
          ("key %s has %s%s between colons; a key is carrier:origin:destination, as"
                  + " usps:005:010")
              .formatted(
                  ZoneText.quote(key), parts.length, parts.length == 1 ? " part" : " parts"));
    }
    return new ZoneKey(parts[0], parts[1], parts[2]);
  }

  /** Whether these bytes are a key. Allocates nothing. */
  public static boolean isValid(byte[] utf8, int offset, int length) {
    if (length > MAX_LENGTH) {
      return false;
    }
    int end = offset + length;
    int part = 0;
    int partStart = offset;
    for (int i = offset; i < end; i++) {
      if (utf8[i] == SEPARATOR) {
        if (!isPart(part, utf8, partStart, i - partStart)) {
          return false;
        }
        part++;
        partStart = i + 1;
      }
    }
    return part == PARTS - 1 && isPart(part, utf8, partStart, end - partStart);
  }

  /** Whether these bytes are a key's carrier. Allocates nothing. */
  public static boolean isCarrier(byte[] utf8, int offset, int length) {
    return consistsOf(IN_CARRIER, utf8, offset, length);
  }

  /** Whether these bytes are a key's origin or destination. Allocates nothing. */
  public static boolean isPlace(byte[] utf8, int offset, int length) {
    return consistsOf(IN_PART, utf8, offset, length);
  }

  /** The key as a record and a cache entry carry it. */
  public byte[] utf8() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return carrier + ':' + origin + ':' + destination;
  }

  private static boolean isPart(int part, byte[] utf8, int offset, int length) {
    return part == 0
        ? isCarrier(utf8, offset, length)
        : part < PARTS && isPlace(utf8, offset, length);
  }

  private static boolean consistsOf(boolean[] allowed, byte[] utf8, int offset, int length) {
    if (length < 1 || length > MAX_PART_LENGTH) {
      return false;
    }
    for (int i = offset; i < offset + length; i++) {
      // A byte of a longer UTF-8 sequence is negative.
      if (utf8[i] < 0 || !allowed[utf8[i]]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCarrier(String carrier) {
    byte[] utf8 = carrier.getBytes(StandardCharsets.UTF_8);
    return isCarrier(utf8, 0, utf8.length);
  }

  private static void requirePart(String name, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (!isPlace(utf8, 0, utf8.length)) {
      throw new IllegalArgumentException(
          "%s %s is not %s%s"
              .formatted(
                  name,
                  ZoneText.quote(value),
                  PART_RULE,
                  utf8.length > MAX_PART_LENGTH ? "; it has " + value.length() : ""));
    }
  }
}
