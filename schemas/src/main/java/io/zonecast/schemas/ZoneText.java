package io.zonecast.schemas;

import java.nio.charset.StandardCharsets;

/**
 * The one rule for the texts of a row that are no part of its key, its zone and its flags: {@value
 * #RULE}. Whatever a file or a record says is held to it before it can reach a cache, so that no
 * byte of theirs is ever taken for the protocol's.
 */
public final class ZoneText {
  /** The most characters that a zone or flags may have. */
  public static final int MAX_LENGTH = 32;

  /** The rule, as messages and documents put it. */
  public static final String RULE = "1 to 32 printable ASCII characters without spaces (! to ~)";

  /** The most bytes of a bad text that a message shows. */
  private static final int MAX_QUOTED = 64;

  private ZoneText() {}

  /** Whether these bytes are a zone, or flags. Allocates nothing. */
  public static boolean isValid(byte[] utf8, int offset, int length) {
    if (length < 1 || length > MAX_LENGTH) {
      return false;
    }
    for (int i = offset; i < offset + length; i++) {
      if (utf8[i] < '!' || utf8[i] > '~') {
        return false;
      }
    }
    return true;
  }

  public static boolean isValid(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return isValid(utf8, 0, utf8.length);
  }

  /**
   * Returns these bytes in double quotes, fit for any log or header: what is not printable ASCII is
   * shown as {@code \xNN}, what is too long is cut.
   */
  public static String quote(byte[] utf8, int offset, int length) {
    int shown = Math.min(length, MAX_QUOTED);
    StringBuilder quoted = new StringBuilder(shown + 2).append('"');
    for (int i = offset; i < offset + shown; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\') {
        quoted.append('\\').append((char) b);
      } else if (b >= ' ' && b <= '~') {
        quoted.append((char) b);
      } else {
        quoted.append(String.format("\\x%02x", b));
      }
    }
    quoted.append('"');
    if (shown < length) {
      quoted.append("… (").append(length).append(" bytes)");
    }
    return quoted.toString();
  }

  public static String quote(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return quote(utf8, 0, utf8.length);
  }
}
