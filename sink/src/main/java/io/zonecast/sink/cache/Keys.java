package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;

/** Small readings and writings that several commands share. */
final class Keys {
  private Keys() {}

  /** Keys of our own making (checkpoints) that do not fit are a bug, not an event. */
  static String require(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    KeyCheck check = KeyCheck.of(0, bytes, 0, bytes.length);
    if (check != KeyCheck.FITS) {
      throw new IllegalArgumentException("key \"%s\" %s".formatted(key, check.reason()));
    }
    return key;
  }

  static long unsigned(String digits, String line) {
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw ReplyReader.misfitLine(line, "a number");
    }
  }
}
