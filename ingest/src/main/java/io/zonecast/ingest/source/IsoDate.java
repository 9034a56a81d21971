package io.zonecast.ingest.source;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Dates in files, read without making a string of them. */
final class IsoDate {
  /** Stands for text that is no date; no date of a file gives this day. */
  static final int INVALID = Integer.MIN_VALUE + 1;

  private static final int ISO_LENGTH = 10;

  private IsoDate() {}

  /** Returns the day of {@code yyyy-MM-dd} in days since 1970-01-01, or {@link #INVALID}. */
  static int epochDay(byte[] text, int offset, int length) {
    if (length != ISO_LENGTH || text[offset + 4] != '-' || text[offset + 7] != '-') {
      return INVALID;
    }
    return epochDay(
        number(text, offset, 4), number(text, offset + 5, 2), number(text, offset + 8, 2));
  }

  /** Returns the day of {@code MMddyyyy} in days since 1970-01-01, or {@link #INVALID}. */
  static int epochDayOfUsps(byte[] text, int offset) {
    return epochDay(
        number(text, offset + 4, 4), number(text, offset, 2), number(text, offset + 2, 2));
  }

  private static int epochDay(int year, int month, int day) {
    if (year < 0 || month < 0 || day < 0) {
      return INVALID;
    }
    try {
      return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
    } catch (DateTimeException e) {
      return INVALID;
    }
  }

  private static int number(byte[] text, int offset, int digits) {
    int number = 0;
    for (int i = offset; i < offset + digits; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
