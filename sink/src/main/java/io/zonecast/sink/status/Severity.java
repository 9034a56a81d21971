package io.zonecast.sink.status;

import java.util.Locale;

/**
 * How bad an event or a state is, best first. The page shows it as a colour and a sign, always with
 * words.
 */
enum Severity {
  GOOD,
  /** Neither good nor bad, or not known. */
  PLAIN,
  BUSY,
  BAD;

  /** The worse of the two. */
  Severity or(Severity other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As the page's style sheet names it. */
  String css() {
    return name().toLowerCase(Locale.ROOT);
  }
}
