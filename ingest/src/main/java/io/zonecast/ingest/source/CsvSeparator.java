package io.zonecast.ingest.source;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What stands between the fields of a CSV file: what the user says, else what a first line {@code
 * sep=;} says, as Excel reads it, else which of comma, semicolon, tab and bar the header has most
 * of.
 *
 * @param hasLine whether the file begins with such a line
 */
record CsvSeparator(char character, boolean hasLine) {
  /** Of several that a header has equally many of, the last. */
  private static final List<Character> CANDIDATES = List.of('|', '\t', ';', ',');

  private static final String LINE = "sep=";

  static CsvSeparator of(byte[] head, CsvOptions options) {
    String first = new String(head, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    boolean hasLine =
        first.toLowerCase(Locale.ROOT).startsWith(LINE) && first.length() == LINE.length() + 1;
    if (options.separator().isPresent()) {
      return new CsvSeparator(options.separator().get(), hasLine);
    }
    return new CsvSeparator(hasLine ? first.charAt(LINE.length()) : mostIn(first), hasLine);
  }

  private static char mostIn(String header) {
    return CANDIDATES.stream()
        .max(Comparator.comparingLong(each -> header.chars().filter(c -> c == each).count()))
        .orElseThrow();
  }
}
