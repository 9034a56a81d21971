package io.zonecast.sink.node;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.time.InstantSource;
import java.util.Collection;
import java.util.OptionalLong;

/**
 * Since when what this member writes with, its list of nodes above all, has been in force: the same
 * on all its nodes and partitions, and written into each checkpoint. Between members that disagree
 * the later one stays ({@link OtherMembers}).
 *
 * <p>Who starts with settings that a checkpoint names already inherits their time: a restart makes
 * nothing newer. Thread-safe.
 */
final class SettingsInForce {
  private static final long NOT_KNOWN_YET = 0;

  private final WrittenWith ours;
  private final InstantSource clock;
  private long sinceMillis = NOT_KNOWN_YET;

  SettingsInForce(WrittenWith ours, InstantSource clock) {
    this.ours = ours;
    this.clock = clock;
  }

  /** In epoch milliseconds; 0 before the first look. */
  synchronized long sinceMillis() {
    return sinceMillis;
  }

  /**
   * Learns from all checkpoints on a node, of which there may be none.
   *
   * <p>The first look decides, before anything is claimed: what was there before us is what we
   * replace. Later ones can only find that the same settings are in force since later than was
   * known; what others have put in force by then is newer than ours, and stays so even if we take
   * one of their partitions over.
   */
  synchronized void learn(Collection<Checkpoint> found) {
    OptionalLong alike =
        found.stream()
            .filter(there -> there.sinceMillis() != 0 && there.writtenWith().equals(ours))
            .mapToLong(there -> Math.abs(there.sinceMillis()))
            .max();
    if (alike.isPresent()) {
      sinceMillis = Math.max(sinceMillis, alike.getAsLong());
    } else if (sinceMillis == NOT_KNOWN_YET) {
      // After whatever was there, even if its writer's clock is ahead of ours.
      long others =
          found.stream().mapToLong(there -> Math.abs(there.sinceMillis())).max().orElse(0);
      sinceMillis = Math.max(clock.millis(), others + 1);
    }
  }

  /** Whether a checkpoint was written with other settings, put in force after ours. */
  synchronized boolean areOlderThan(Checkpoint there) {
    if (sinceMillis == NOT_KNOWN_YET || there.writtenWith().equals(ours)) {
      return false;
    }
    // The same millisecond must not leave both running.
    return there.sinceMillis() == sinceMillis
        ? there.writtenWith().toString().compareTo(ours.toString()) > 0
        : there.sinceMillis() > sinceMillis;
  }
}
