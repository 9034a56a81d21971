package io.zonecast.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyRecordTest {
  private static final Uuid TABLE = new Uuid(1, 2);
  private static final Duration TOMBSTONES_LIVE = Duration.ofDays(7);
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path directory;

  @Test
  void copiesThatWereCurrentLatelyAreKept() {
    record(TABLE, NOON).areCurrent();

    assertThat(record(TABLE, NOON.plus(Duration.ofDays(6))).problem()).isEmpty();
  }

  @Test
  void copiesOlderThanTombstonesAreNot() {
    record(TABLE, NOON).areCurrent();

    assertThat(record(TABLE, NOON.plus(TOMBSTONES_LIVE)).problem())
        .contains(
            "they were last current at 2026-11-22T12:00:00Z, and deletes since may be forgotten");
  }

  /** As when the brokers are out of reach: a standby's copy survives that. */
  @Test
  void copiesThatWereNotCurrentForTooLongAreNeverRecordedAgain() {
    AtomicReference<Instant> now = new AtomicReference<>(NOON);
    CopyRecord copies = new CopyRecord(file(), TABLE, TOMBSTONES_LIVE, new SteppingClock(now::get));
    copies.areCurrent();

    now.set(NOON.plus(TOMBSTONES_LIVE));
    copies.areCurrent();
    now.set(NOON.plus(TOMBSTONES_LIVE).plusSeconds(20));
    copies.areCurrent();

    assertThat(copies.problem()).isPresent();
  }

  @Test
  void copiesOfATopicThatWasRecreatedAreNot() {
    record(TABLE, NOON).areCurrent();

    assertThat(record(new Uuid(3, 4), NOON).problem())
        .contains("they are of a topic that was deleted since");
  }

  @Test
  void whatNobodyKnowsIsNotTrusted() throws Exception {
    Optional<String> missing = record(TABLE, NOON).problem();
    record(TABLE, NOON).areCurrent();
    Optional<String> ofTheFuture = record(TABLE, NOON.minusSeconds(1)).problem();
    Files.writeString(file(), TABLE + " 2026-11");
    Optional<String> torn = record(TABLE, NOON).problem();

    assertThat(missing).isPresent();
    assertThat(ofTheFuture).isPresent();
    assertThat(torn).isPresent();
  }

  private CopyRecord record(Uuid table, Instant now) {
    return new CopyRecord(file(), table, TOMBSTONES_LIVE, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Path file() {
    return directory.resolve("group.current");
  }

  private static final class SteppingClock extends Clock {
    private final Supplier<Instant> now;

    SteppingClock(Supplier<Instant> now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
