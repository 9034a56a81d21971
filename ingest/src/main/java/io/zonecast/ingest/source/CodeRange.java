package io.zonecast.ingest.source;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Consecutive codes of digits, as charts write them: {@code 004-005}, {@code 004---009}. Five-digit
 * codes that make up whole three-digit prefixes are those prefixes.
 *
 * @param digits how many digits each code has
 */
public record CodeRange(long first, long last, int digits) {
  /** The most digits that a code of digits has which is more than a name. */
  public static final int MOST_DIGITS = 10;

  /** The most codes that one field may stand for. */
  static final int MOST_CODES = 1_000;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,10})-{1,3}(\\d{1,10})");
  private static final int ZIP_DIGITS = 5;
  private static final int PREFIX_DIGITS = 3;
  private static final int PREFIX_CODES = 100;

  /** Whether a text has the form of a range, whatever its ends. */
  public static boolean isOne(String text) {
    return RANGE.matcher(text).matches();
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException if it cannot be expanded; the message continues "X ..."
   */
  static CodeRange of(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw new IllegalArgumentException("is no range");
    }
    int digits = range.group(1).length();
    if (digits != range.group(2).length()) {
      throw new IllegalArgumentException("is a range whose ends are not equally long");
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    if (last < first) {
      throw new IllegalArgumentException(
          "is a range that goes down; if it is a name, set --allow-word " + text);
    }
    CodeRange codes =
        digits == ZIP_DIGITS && first % PREFIX_CODES == 0 && (last + 1) % PREFIX_CODES == 0
            ? new CodeRange(first / PREFIX_CODES, last / PREFIX_CODES, PREFIX_DIGITS)
            : new CodeRange(first, last, digits);
    if (codes.size() > MOST_CODES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "is a range of %,d codes; a field may stand for %,d",
              codes.size(),
              MOST_CODES));
    }
    return codes;
  }

  long size() {
    return last - first + 1;
  }

  /** The {@code n}th code, from 0. */
  String code(long n) {
    String code = Long.toString(first + n);
    return "0".repeat(digits - code.length()) + code;
  }
}
