package io.zonecast.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.poll.LogConsumer;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replay that meets a record which cannot be read yet. */
class WaitingReplayTest {
  private static final long SOON_SECONDS = 10;

  private final AtomicBoolean known = new AtomicBoolean();
  private final LogConsumer log = new LogConsumer();
  private final Replay replay =
      new Replay(
          LogConsumer.TOPIC,
          () -> log,
          LogConsumer.reader(known::get),
          partitions -> Map.of(0, new EndOffsets(3, 3, Optional.empty(), 1_000)),
          new DeadLetters(
              new TopicInfo("cluster", LogConsumer.TOPIC, Uuid.ONE_UUID, 1, Duration.ofDays(1)),
              "g",
              () -> log,
              () -> {
                throw new IllegalStateException("no letter is written here");
              },
              (partition, records, firstOffset, reason) -> {},
              Timing.SYSTEM),
          new FoldMemory(1 << 20),
          failure -> {},
          Timing.SYSTEM);

  @BeforeEach
  void start() {
    log.append(0, "usps:005:010", "1");
    log.append(0, "usps:005:011", LogConsumer.UNKNOWN);
    log.append(0, "usps:005:012", "3");
    replay.start();
  }

  @AfterEach
  void close() {
    replay.close();
  }

  @Test
  void aFillGetsWhatLiesBelowTheRecord() throws Exception {
    Target target = ask(0, 0);

    FoldPart part = target.part();

    assertThat(part.end().nextOffset()).isEqualTo(1);
    assertThat(part.waitsAt()).isEqualTo(new WaitNote(1, "schema id 7 is unknown"));
  }

  @Test
  void aFillThatWouldMakeANodeOlderHearsThatItWaits() throws Exception {
    assertThat(ask(0, 2).waits()).isEqualTo(new WaitNote(1, "schema id 7 is unknown"));
  }

  @Test
  void aFillThatSweepsHearsThatItWaits() throws Exception {
    var target = new Target(0, 0, true);

    replay.request(List.of(target));

    assertThat(target.waits().offset()).isEqualTo(1);
  }

  @Test
  void askingAgainFetchesNothingUntilTheRecordCanBeRead() throws Exception {
    assertThat(ask(1, 1).waits().offset()).isEqualTo(1);
    int fetched = log.fetched();

    assertThat(ask(1, 1).waits().offset()).isEqualTo(1);
    assertThat(ask(1, 1).waits().offset()).isEqualTo(1);

    assertThat(log.fetched()).isEqualTo(fetched);
    known.set(true);
    assertThat(ask(1, 1).part().end().nextOffset()).isEqualTo(3);
  }

  @Test
  void aNodeThatHasTheRecordAlreadyGetsWhatFollows() throws Exception {
    Target wiped = new Target(0, 0);
    Target further = new Target(2, 2);

    replay.request(List.of(wiped, further));

    assertThat(wiped.part().end().nextOffset()).isEqualTo(1);
    assertThat(further.part().end().nextOffset()).isEqualTo(3);
    assertThat(ask(0, 2).waits().offset()).isEqualTo(1);
  }

  private Target ask(long from, long followed) {
    var target = new Target(from, followed);
    replay.request(List.of(target));
    return target;
  }

  private static final class Target extends TestTarget {
    private final long from;
    private final PartitionPosition followed;
    private final boolean wholeOrNothing;

    Target(long from, long followed) {
      this(from, followed, false);
    }

    Target(long from, long followed, boolean wholeOrNothing) {
      this.from = from;
      this.followed = new PartitionPosition(followed, 0, PartitionPosition.NO_EPOCH);
      this.wholeOrNothing = wholeOrNothing;
    }

    FoldPart part() throws InterruptedException {
      FoldPart part = (FoldPart) answer();
      part.release();
      return part;
    }

    WaitNote waits() throws InterruptedException {
      return (WaitNote) answer();
    }

    private Object answer() throws InterruptedException {
      @Nullable Object answer = answers.poll(SOON_SECONDS, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      return answer;
    }

    @Override
    public long fromOffset() {
      return from;
    }

    @Override
    public PartitionPosition followed() {
      return followed;
    }

    @Override
    public boolean isWholeOrNothing() {
      return wholeOrNothing;
    }

    @Override
    public void waits(WaitNote at) {
      answers.add(at);
    }
  }
}
