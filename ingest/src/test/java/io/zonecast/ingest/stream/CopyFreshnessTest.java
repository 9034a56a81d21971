package io.zonecast.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyFreshnessTest {
  private static final Uuid TABLE = new Uuid(1, 2);
  private static final Duration TOMBSTONES_LIVE = Duration.ofDays(7);
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path directory;

  @Test
  void copiesThatWereCurrentLatelyAreKept() {
    copies(TABLE, NOON).markCurrent();

    assertThat(copies(TABLE, NOON.plus(Duration.ofDays(6))).problem()).isEmpty();
  }

  @Test
  void copiesOlderThanTombstonesAreNot() {
    copies(TABLE, NOON).markCurrent();

    assertThat(copies(TABLE, NOON.plus(TOMBSTONES_LIVE)).problem())
        .contains(
            "they were last current at 2026-11-22T12:00:00Z, and deletes since may be forgotten");
  }

  /** As when the brokers are out of reach: a standby's copy survives that. */
  @Test
  void copiesThatWereNotCurrentForTooLongAreNeverRecordedAgain() {
    AtomicReference<Instant> now = new AtomicReference<>(NOON);
    CopyFreshness copies = new CopyFreshness(file(), TABLE, TOMBSTONES_LIVE, now::get);
    copies.markCurrent();

    now.set(NOON.plus(TOMBSTONES_LIVE));
    copies.markCurrent();
    now.set(NOON.plus(TOMBSTONES_LIVE).plusSeconds(20));
    copies.markCurrent();

    assertThat(copies.problem()).isPresent();
  }

  @Test
  void copiesOfATopicThatWasRecreatedAreNot() {
    copies(TABLE, NOON).markCurrent();

    assertThat(copies(new Uuid(3, 4), NOON).problem())
        .contains("they are of a topic that was deleted since");
  }

  @Test
  void whatNobodyKnowsIsNotTrusted() throws Exception {
    Optional<String> missing = copies(TABLE, NOON).problem();
    copies(TABLE, NOON).markCurrent();
    Optional<String> ofTheFuture = copies(TABLE, NOON.minusSeconds(1)).problem();
    Files.writeString(file(), TABLE + " 2026-11");
    Optional<String> torn = copies(TABLE, NOON).problem();

    assertThat(missing).isPresent();
    assertThat(ofTheFuture).isPresent();
    assertThat(torn).isPresent();
  }

  private CopyFreshness copies(Uuid table, Instant now) {
    return new CopyFreshness(file(), table, TOMBSTONES_LIVE, InstantSource.fixed(now));
  }

  private Path file() {
    return directory.resolve("group.current");
  }
}
