package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.poll.KeeperRequests;
import io.zonecast.sink.replay.HandDrivenFills;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A partition that is live: its checkpoint follows what is acknowledged, and nothing else. */
class LiveLaneIT extends ProtocolStage {
  @Test
  void theCheckpointFollowsWhatIsAcknowledged() throws Exception {
    stepUntilLive();

    send(A, "1");

    stepUntil(() -> checkpoint().nextOffset() == 1);
    assertThat(raw.get(PREFIX + A)).contains("1");
  }

  @Test
  void aFlushIsNotHiddenByALaterCheckpoint() throws Exception {
    append(A, "1");
    stepUntilLive();

    raw.flushAll();
    send(B, "2");

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void anotherOwnersMarkerIsNotReplacedByAnOldOwnersCheckpoint() throws Exception {
    append(A, "1");
    stepUntilLive();

    raw.flushAll();
    plant(Checkpoint.filling(TOPIC_ID, 0, STRANGER, writtenWith("zone"), 0, List.of()));
    group.refuses = true;
    send(B, "2");

    int askedBefore = group.asked;
    stepUntil(() -> group.asked > askedBefore);
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(checkpoint().nextOffset()).isZero();
    assertThat(fills.asked()).isEqualTo(1);
  }

  @Test
  void aFlushIsNoticedThoughNothingIsWritten() throws Exception {
    append(A, "1");
    stepUntilLive();

    raw.flushAll();

    stepUntil(fills::isAsked);
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aRefusalThatComesLateEndsNoLaneButItsOwn() throws Exception {
    stepUntilLive();
    send(A, TOO_LARGE);
    await().atMost(SOON).until(() -> !inbox.isEmpty());
    Runnable refusal = inbox.remove();
    append(A, "2");
    raw.flushAll();
    stepUntil(fills::isAsked);
    stepUntilLive();

    refusal.run();

    assertThat(tenure.lanes()).allSatisfy(lane -> assertThat(lane.isLive()).isTrue());
  }

  @Test
  void aRefusedSetIsNeverSentAgainByItself() throws Exception {
    stepUntilLive();

    send(A, TOO_LARGE);
    send(A, "2");

    stepUntil(fills::isAsked);
    assertThat(checkpoint().nextOffset()).isZero();
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("2");
    assertThat(checkpoint().nextOffset()).isEqualTo(2);
    // The record that was too large has been superseded: nobody misses it.
    assertThat(letters.history()).isEmpty();
  }

  @Test
  void aRefusalThatOvertakesTheWordOfJoiningIsHeard() throws Exception {
    group.holdsJoins = true;
    stepUntilAnswering(() -> group.lane != null);
    send(A, TOO_LARGE);
    assertThat(connection.awaitRoom(0, SOON)).isTrue();

    group.joined.complete(KeeperRequests.Joining.JOINED);
    group.holdsJoins = false;

    stepUntilLive();
    stepUntil(() -> checkpoint().nextOffset() == 1);
    assertThat(letters.history()).hasSize(1);
  }

  @Test
  void aTokenDiesWithItsConnection() throws Exception {
    append(A, "1");
    stepUntilLive();
    Checkpoint marker =
        Checkpoint.filling(TOPIC_ID, 0, STRANGER, writtenWith("zone"), 0, List.of());

    memcached.direct().restartEmpty();
    // A restart begins to count from the start: the marker gets a CAS that once was ours.
    plant(marker);

    assertThatThrownBy(() -> stepUntil(() -> false)).isInstanceOf(IOException.class);
    assertThat(tenure.isOver()).isTrue();
    assertThat(checkpoint()).isEqualTo(marker);
  }

  @Test
  void aNodeThatFallsBehindFurtherThanTombstonesLiveIsFilledFromTheBeginning() throws Exception {
    append(A, "1");
    plant(live(1, now()).released());
    stepUntilLive();
    raw.set(PREFIX + B, "orphan");

    timing.later = RETENTION;

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aFillThatCanDoNoBetterIsNotRepeated() throws Exception {
    // As behind a record that waits: the fill cannot get further, and its time stays old.
    log.add(new HandDrivenFills.Entry(A, "1", now() - RETENTION.toMillis()));
    stepUntilLive();
    int asked = fills.asked();

    // Ticks come twice a second.
    await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(20))
        .during(Duration.ofMillis(1_200))
        .atMost(SOON)
        .until(
            () -> {
              step();
              return fills.asked() == asked;
            });
  }

  @Test
  void aReleasedPartitionNamesNoConnectionAndNothingIsSentForIt() throws Exception {
    stepUntilLive();
    send(A, "1");

    tenure.release(List.of(0));

    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(tenure.lanes()).isEmpty();
  }

  @Test
  void aPartitionReleasedInMidFillKeepsItsMarker() throws Exception {
    append(A, "1");
    stepUntil(fills::isAsked);

    tenure.release(List.of(0));
    fills.answer();
    step();

    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(raw.get(PREFIX + A)).isEmpty();
  }
}
