package io.zonecast.ingest.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, in a file beside the copies of the table, when they were last current, standbys too.
 * Copies that were behind for longer than tombstones live may keep rows that were deleted
 * meanwhile, and so may those of a topic that was recreated: they have to be read back from the
 * beginning.
 *
 * <p>The time is that of a look at a stream that runs, with brokers that answer. A copy is a little
 * behind even then; for that, a tenth of the tombstones' life is kept in reserve. Thread-safe.
 */
final class CopyFreshness {
  private static final Logger LOG = LoggerFactory.getLogger(CopyFreshness.class);

  private final Path file;
  private final Uuid tableId;
  private final Duration limit;
  private final InstantSource clock;
  private Instant last;

  /**
   * @param tombstonesLive the table's {@code delete.retention.ms}
   */
  CopyFreshness(Path file, Uuid tableId, Duration tombstonesLive, InstantSource clock) {
    this.file = file;
    this.tableId = tableId;
    this.limit = tombstonesLive.multipliedBy(9).dividedBy(10);
    this.clock = clock;
    this.last = clock.instant();
  }

  /** Says why the copies have to be read back; empty if they have not. */
  synchronized Optional<String> problem() {
    try {
      String[] words = Files.readString(file).strip().split(" ", -1);
      if (!words[0].equals(tableId.toString())) {
        return Optional.of("they are of a topic that was deleted since");
      }
      Instant current = Instant.parse(words[words.length - 1]);
      Instant now = clock.instant();
      return current.isAfter(now) || current.plus(limit).isBefore(now)
          ? Optional.of(
              "they were last current at " + current + ", and deletes since may be forgotten")
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      return Optional.of("it is unknown when they were current (" + e + ")");
    }
  }

  /**
   * Notes that the copies are current; called often. After a gap that is too long it notes nothing
   * any more: a standby's copy survives the gap, and the next start has to read it back.
   */
  synchronized void markCurrent() {
    Instant now = clock.instant();
    if (last.plus(limit).isBefore(now)) {
      return;
    }
    last = now;
    try {
      Path next = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(next, tableId + " " + now + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn(
          "{}: cannot be written ({}); a later start reads the table back", file, e.toString());
    }
  }
}
