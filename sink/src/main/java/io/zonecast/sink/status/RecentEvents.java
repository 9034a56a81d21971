package io.zonecast.sink.status;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps the latest events, with their times. Thread-safe. */
final class RecentEvents {
  private static final int MOST = 40;

  /** A reason may quote a record, and a record may be anything. */
  private static final int LONGEST = 300;

  private final Clock clock;
  private final Deque<Entry> entries = new ArrayDeque<>();

  record Entry(Instant at, Severity severity, String text) {}

  RecentEvents(Clock clock) {
    this.clock = clock;
  }

  synchronized void add(Severity severity, String text) {
    String kept = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    entries.addFirst(new Entry(clock.instant(), severity, kept));
    if (entries.size() > MOST) {
      entries.removeLast();
    }
  }

  /** The latest first. */
  synchronized List<Entry> latest() {
    return new ArrayList<>(entries);
  }
}
