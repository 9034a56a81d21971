package io.zonecast.sink.status;

import java.util.Locale;

/** How good a piece of news is: a colour and a sign for people, never without words. */
enum Tone {
  GOOD,
  BUSY,
  BAD,
  /** Neither good nor bad, or not known. */
  PLAIN;

  /** As the page's style sheet names it. */
  String css() {
    return name().toLowerCase(Locale.ROOT);
  }
}
