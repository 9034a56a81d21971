package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;

/** Decides whether memcached can hold a key, and says why not. */
public enum KeyCheck {
  FITS("fits"),
  EMPTY("is empty"),
  TOO_LONG("is longer than memcached's 250 bytes"),
  FORBIDDEN_BYTE("has a space or a control character, which memcached's protocol cannot carry");

  /** The longest key that memcached takes, in bytes, prefix included. */
  public static final int MAX_KEY_BYTES = 250;

  private final String reason;

  KeyCheck(String reason) {
    this.reason = reason;
  }

  /** The end of a sentence that begins "key k". */
  public String reason() {
    return reason;
  }

  /** Checks {@code key[offset, offset + length)} behind a prefix of {@code prefixLength} bytes. */
  static KeyCheck of(int prefixLength, byte[] key, int offset, int length) {
    int total = prefixLength + length;
    if (total == 0) {
      return EMPTY;
    }
    if (total > MAX_KEY_BYTES) {
      return TOO_LONG;
    }
    for (int i = offset; i < offset + length; i++) {
      // Bytes above 0x7f are UTF-8, which memcached does not look into.
      if ((key[i] >= 0 && key[i] <= ' ') || key[i] == 0x7f) {
        return FORBIDDEN_BYTE;
      }
    }
    return FITS;
  }

  /** Returns a key that we made; one that memcached cannot hold is a bug. */
  static String require(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    KeyCheck check = of(0, bytes, 0, bytes.length);
    if (check != FITS) {
      throw new IllegalArgumentException("key \"%s\" %s".formatted(key, check.reason));
    }
    return key;
  }
}
