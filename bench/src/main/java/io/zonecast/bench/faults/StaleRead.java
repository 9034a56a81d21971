package io.zonecast.bench.faults;

import java.time.Duration;

/**
 * A time during which a node showed an entry that it should not have shown any more.
 *
 * @param key the entry's, without its prefix
 * @param shown the version that was seen
 * @param newest the newest version that the node had shown before; the same as {@code shown} for an
 *     entry that came back after it had been deleted
 * @param sinceNanos when it was first seen, by {@link System#nanoTime}
 * @param untilNanos when it was no longer seen; the last look, if it still was then
 */
record StaleRead(String key, long shown, long newest, long sinceNanos, long untilNanos) {

  /** How long it was seen. */
  Duration lasted() {
    return Duration.ofNanos(untilNanos - sinceNanos);
  }

  /** In words, as {@code hot:001:000: 17 after 19 for 40 ms}. */
  String words() {
    return "%s: %s for %d ms"
        .formatted(
            key,
            shown == newest ? shown + " came back after its delete" : shown + " after " + newest,
            lasted().toMillis());
  }
}
