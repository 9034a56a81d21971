package io.zonecast.ingest.source;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the texts that spreadsheets, data frames and charts put where a code or a zone is missing
 * or was destroyed. Each reason is phrased to follow the text.
 */
public final class DoubtfulText {
  private static final Set<String> NOTHING =
      Set.of("nan", "null", "none", "na", "n/a", "#n/a", "-", "--", "–", "—", "inf", "-inf");
  private static final Pattern SCIENTIFIC =
      Pattern.compile("\\d+(\\.\\d+)?[eE][+-]?\\d+", Pattern.CASE_INSENSITIVE);
  private static final String MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
  private static final Pattern DATE =
      Pattern.compile(
          "\\d{1,2}[-/. ]"
              + MONTH
              + "([-/. ]\\d{2,4})?|"
              + MONTH
              + "[-/. ]\\d{1,4}|\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}(/\\d{2,4})?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FOOTNOTE = Pattern.compile("\\[\\d+\\]");

  private DoubtfulText() {}

  /** What is wrong with a prefix that is not all digits; null if nothing is. */
  public static @Nullable String ofPrefix(String text) {
    if (isNothing(text)) {
      return nothing("a prefix", text);
    }
    if (SCIENTIFIC.matcher(text).matches()) {
      return "is a number in scientific notation: format the column as text and export it again";
    }
    if (DATE.matcher(text).matches()) {
      return "is a date: a spreadsheet took the code for one; format the column as text before it"
          + " is filled";
    }
    return null;
  }

  /** What is wrong with a zone; null if nothing is. */
  public static @Nullable String ofZone(String text) {
    if (isNothing(text)) {
      return nothing("a zone", text);
    }
    if (FOOTNOTE.matcher(text).matches()) {
      return "is the mark of a footnote, not a zone: write a row with the zone that the footnote"
          + " gives";
    }
    return SCIENTIFIC.matcher(text).matches() && !Character.isLetterOrDigit(sign(text))
        ? "is a number in scientific notation: format the column as text and export it again"
        : null;
  }

  /** What stands behind the E; a zone such as 2E1 may be a name. */
  private static char sign(String text) {
    return text.charAt(text.toLowerCase(Locale.ROOT).indexOf('e') + 1);
  }

  private static boolean isNothing(String text) {
    return NOTHING.contains(text.toLowerCase(Locale.ROOT));
  }

  private static String nothing(String what, String text) {
    return "stands for nothing and is not "
        + what
        + ": leave the row out, or set --allow-word "
        + text
        + " if it is one";
  }
}
