package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.replay.FillTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A node is claimed, the claim proved, and only then is it filled. */
class FillIT extends ProtocolStage {
  @Test
  void theClaimComesBeforeTheProofAndTheProofBeforeTheFill() throws Exception {
    List<String> order = new ArrayList<>();
    group.whenAsked = () -> order.add("prove, held by us: " + isOurs(checkpoint()));
    fills.whenAsked(() -> order.add("fill"));

    stepUntil(fills::isAsked);

    assertThat(order).containsExactly("prove, held by us: true", "fill");
  }

  @Test
  void withoutAProofNothingIsAskedForOrSent() throws Exception {
    // Two flushes around another's marker, and a sleeping owner's add succeeds: only the group
    // knows that it is not the owner any more.
    append(A, "1");
    group.refuses = true;

    stepUntil(() -> group.asked >= 2);

    assertThat(fills.asked()).isZero();
    assertThat(raw.get(PREFIX + A)).isEmpty();
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
  }

  @Test
  void aClaimThatAnotherBeatsIsReadAgain() throws Exception {
    append(A, "1");
    plant(live(1, 1_000).claimedBy(STRANGER));
    group.whenAsked =
        () -> {
          group.whenAsked = () -> {};
          plant(live(1, 2_000).claimedBy(Checkpoint.RELEASED));
        };

    stepUntilLive();

    assertThat(isOurs(checkpoint())).isTrue();
    assertThat(checkpoint().state()).isEqualTo(State.LIVE);
  }

  @Test
  void aNodeThatLacksNothingIsSentNothing() throws Exception {
    append(A, "1");
    raw.set(PREFIX + A, "mark");
    plant(live(1, now()).released());

    stepUntilLive();

    assertThat(raw.get(PREFIX + A)).contains("mark");
  }

  @Test
  void aNodeThatWasAwayGetsOnlyWhatItMissed() throws Exception {
    append(A, "1");
    append(B, "2");
    raw.set(PREFIX + A, "mark");
    plant(live(1, now()).released());

    stepUntil(fills::isAsked);

    assertThat(fills.fromOffset()).isEqualTo(1);
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("mark");
    assertThat(raw.get(PREFIX + B)).contains("2");
    assertThat(checkpoint().nextOffset()).isEqualTo(2);
  }

  @Test
  void aFillShowsNoHistoryButTheLatestOfEachKey() throws Exception {
    append(A, "1");
    append(A, "2");
    append(A, "3");
    var filled = new CompletableFuture<Long>();
    events.whenFilled = filled::complete;

    stepUntilLive();

    assertThat(filled).isCompletedWithValue(1L);
    assertThat(raw.get(PREFIX + A)).contains("3");
  }

  @Test
  void aPartitionLetGoBeforeItsCheckpointIsAnsweredIsLeftFilledAndNobodys() throws Exception {
    append(A, "1");
    stepUntilFinishing();

    tenure.release(List.of(0));

    assertThat(checkpoint().state()).isEqualTo(State.LIVE);
    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
  }

  @Test
  void aFlushAfterTheCheckpointWasSentAndBeforeItsAnswerIsSeenIsNotHidden() throws Exception {
    append(A, "1");
    stepUntilFinishing();

    raw.flushAll();

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  private void stepUntilFinishing() {
    stepUntilAnswering(
        () -> tenure.lanes().stream().allMatch(l -> l.phase() instanceof Phase.Finishing));
  }

  @Test
  void aFlushBetweenTwoPartsOfAFillIsNotHidden() throws Exception {
    append(A, "1");
    append(B, "2");
    stepUntil(fills::isAsked);
    FillTarget target = fills.answerAllBut(1);
    stepUntil(() -> raw.get(PREFIX + A).isPresent());

    raw.flushAll();
    fills.answerRest(target, 1);

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aFlushBetweenMarkerAndFillIsNotHidden() throws Exception {
    append(A, "1");
    stepUntil(fills::isAsked);

    raw.flushAll();

    stepUntilLive();
    assertThat(fills.asked()).isGreaterThan(1);
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aStaleEntryBesideAnEvictedCheckpointIsReplaced() throws Exception {
    append(A, "1");
    stepUntilLive();
    append(A, "2");

    raw.delete(CHECKPOINT);

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("2");
  }

  @Test
  void aFillDeletesWhatALateSetBroughtBack() throws Exception {
    // The set lands after the node was found empty, so that no sweep sees it.
    append(A, "1");
    append(A, null);
    stepUntil(fills::isAsked);

    raw.set(PREFIX + A, "1");

    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).isEmpty();
  }

  @Test
  void anEntryTooLargeIsPutAsideAndTheOthersAreStored() throws Exception {
    append(A, TOO_LARGE);
    append(B, "2");

    stepUntilLive();
    stepUntil(() -> checkpoint().nextOffset() == 2);

    assertThat(raw.get(PREFIX + B)).contains("2");
    assertThat(raw.get(PREFIX + A)).isEmpty();
    assertThat(letters.history())
        .singleElement()
        .satisfies(letter -> assertThat(new String(letter.key(), UTF_8)).isEqualTo("zones-0-0"));
  }

  @Test
  void aLetterThatIsNotTakenHoldsTheCheckpointAndNotTheNode() throws Exception {
    lettersAreTaken.set(false);
    append(B, "1");
    append(A, TOO_LARGE);
    append(B, "2");

    stepUntilLive();
    send(B, "3");
    stepUntil(() -> raw.get(PREFIX + B).equals(Optional.of("3")));
    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(Objects.requireNonNull(group.lane).acknowledged().nextOffset()).isEqualTo(1);

    lettersAreTaken.set(true);

    stepUntil(() -> checkpoint().nextOffset() == 4);
    assertThat(letters.history()).hasSize(1);
  }
}
