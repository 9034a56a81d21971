package io.zonecast.sink.lag;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was found between two offsets of a partition by reading.
 *
 * @param oldest when the oldest record from the committed offset on was written; null if there is
 *     none
 * @param applied how many records lie before the committed offset, of those looked at
 * @param waiting how many lie at or after it
 * @param complete whether the reading came to the end, so that {@code waiting} is exact
 */
record Unapplied(@Nullable Instant oldest, long applied, long waiting, boolean complete) {
  static final Unapplied NOTHING = new Unapplied(null, 0, 0, true);

  /** Whether it is certain that no record waits. */
  boolean none() {
    return complete && waiting == 0;
  }
}
