package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.poll.LiveSends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What a checkpoint that does not fit the topic, its age or our settings leads to. */
class CheckpointRecoveryIT extends ProtocolStage {
  @Test
  void theCheckpointIsLoweredBeforeAnythingIsWrittenBelowIt() throws Exception {
    // A set that fails drops the entry that was there: a checkpoint above it would hide that.
    append(A, "1");
    plant(live(1, now() - RETENTION.toMillis()).released());
    List<Checkpoint> atRequest = new ArrayList<>();
    fills.whenAsked(() -> atRequest.add(checkpoint()));

    stepUntil(fills::isAsked);

    assertThat(atRequest)
        .singleElement()
        .satisfies(
            checkpoint -> {
              assertThat(checkpoint.state()).isEqualTo(State.FILLING);
              assertThat(checkpoint.nextOffset()).isZero();
            });
  }

  @Test
  void anOrphanOfAnExpiredTombstoneIsSweptWhenTheCheckpointIsOld() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");
    plant(live(1, now() - RETENTION.toMillis()).released());

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void anOrphanIsSweptWhenTheCheckpointIsMissing() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aSweepTouchesOnlyZoneKeysOfOurPrefix() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");
    raw.set("other:" + B, "another's");
    raw.set(PREFIX + "no-zone-key", "another's");

    stepUntilLive();

    assertThat(raw.get(PREFIX + B)).isEmpty();
    assertThat(raw.get("other:" + B)).contains("another's");
    assertThat(raw.get(PREFIX + "no-zone-key")).contains("another's");
  }

  @Test
  void aSweepEndsWithTheRightToIt() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");
    stepUntil(fills::isAsked);

    raw.flushAll();
    raw.set(PREFIX + B, "orphan");
    plant(live(1, now()).claimedBy(STRANGER));
    group.refuses = true;
    // The checkpoint is read back at the sweep's first key, a second after the last time.
    await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
    fills.answer();
    stepUntil(() -> group.asked >= 2);

    assertThat(raw.get(PREFIX + B)).contains("orphan");
    assertThat(raw.get(PREFIX + A)).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherTopicDoesNotEmptyTheNode() throws Exception {
    raw.set(PREFIX + A, "1");
    raw.set(PREFIX + B, "2");
    plant(otherTopics(live(2, now())).released());

    stepUntilAnswering(() -> !tenureStall().isEmpty());

    assertThat(tenureStall()).contains("made anew").contains("2 of 2").contains("rebuild");
    assertThat(cached()).hasSize(2);
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(checkpoint().topicId()).isNotEqualTo(TOPIC_ID);
  }

  @Test
  void aTopicMadeAnewWithTheSameRowsIsTaken() throws Exception {
    for (int i = 0; i < 100; i++) {
      append("usps:005:%03d".formatted(i), "new");
      raw.set(PREFIX + "usps:005:%03d".formatted(i), "old");
    }
    raw.set(PREFIX + "usps:006:000", "orphan");
    plant(otherTopics(live(2, now())).released());

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
    assertThat(checkpoint().topicId()).isEqualTo(TOPIC_ID);
  }

  @Test
  void aCheckpointBeyondTheEndIsOfAnotherLog() throws Exception {
    raw.set(PREFIX + A, "1");
    append(B, "2");
    plant(live(99, now()).released());

    stepUntilAnswering(() -> !tenureStall().isEmpty());

    assertThat(tenureStall()).contains("1 of 1");
    assertThat(raw.get(PREFIX + A)).contains("1");
  }

  @Test
  void aLogThatIsCutOffUnderALiveLaneIsAnotherLog() throws Exception {
    append(A, "1");
    stepUntilLive();
    raw.set(PREFIX + B, "lost");

    LiveSends.cutOff(Objects.requireNonNull(group.lane));

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(checkpoint().topicId()).isEqualTo(Uuid.ZERO_UUID);
    stepUntilAnswering(() -> !tenureStall().isEmpty());
    assertThat(tenureStall()).contains("1 of 2");
  }

  @Test
  void entriesOfOtherSettingsAreRefused() throws Exception {
    plant(live(1, now()).released());
    begin(writtenWith("json"), false, 0);

    assertThatThrownBy(this::step)
        .isInstanceOf(SettingsDifferException.class)
        .hasMessageContaining("--value-format");
    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
  }

  @Test
  void entriesOfOtherSettingsAreReplacedWhenAllowed() throws Exception {
    append(A, "1");
    plant(live(1, now()).released());
    begin(writtenWith("json"), true, 0);

    stepUntil(fills::isAsked);

    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(checkpoint().writtenWith()).isEqualTo(writtenWith("json"));
  }

  @Test
  void anEntryUnderTheCheckpointsKeyThatIsNoneIsAsGoodAsNone() throws Exception {
    append(A, "1");
    raw.set(CHECKPOINT, "zonecast/1 LIVE next=-7");

    stepUntilLive();

    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(cached()).isEqualTo(expected());
  }
}
