package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.WaitNote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A fill that meets a record which cannot be read yet. */
class WaitingFillIT extends ProtocolStage {
  private static final WaitNote AT_1 = new WaitNote(1, "schema id 7 is unknown");

  @Test
  void whatLiesBelowIsThereAndTheRestIsWaitedForNotJoined() throws Exception {
    append(A, "1");
    append(B, "2");
    List<Long> filled = new ArrayList<>();
    events.whenFilled = filled::add;

    stepUntil(fills::isAsked);
    fills.answerUpTo(AT_1);
    stepUntil(() -> !tenureStall().isEmpty());

    assertThat(tenureStall()).isEqualTo("partition 0 waits at offset 1: schema id 7 is unknown");
    assertThat(tenure.waiting()).isEqualTo(Map.of(0, AT_1));
    assertThat(raw.get(PREFIX + A)).contains("1");
    assertThat(checkpoint().state()).isEqualTo(State.LIVE);
    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(group.lane).isNull();
    assertThat(filled).isEmpty();

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
    assertThat(tenure.waiting()).isEmpty();
    assertThat(filled).containsExactly(2L);
  }

  @Test
  void itIsAskedForAgainAfterAWhileNotAtOnce() throws Exception {
    append(A, "1");
    WaitNote atOnce = new WaitNote(0, "schema id 7 is unknown");
    stepUntil(fills::isAsked);
    fills.answerUpTo(atOnce);

    int asked = fills.asked();
    Awaitility.await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(10))
        .during(Duration.ofMillis(700))
        .atMost(SOON)
        .until(
            () -> {
              step();
              return fills.asked() == asked;
            });

    stepUntil(fills::isAsked);
  }

  @Test
  void anEntryOfAnUnfinishedFillIsNeitherSweptNorMadeOlder() throws Exception {
    append(A, "1");
    append(A, "2");
    append(B, "2");
    raw.set(PREFIX + A, "2");
    raw.set(PREFIX + B, "2");

    stepUntil(fills::isAsked);
    fills.answerUpTo(AT_1);
    stepUntil(() -> !tenureStall().isEmpty());

    assertThat(cached()).isEqualTo(expected());
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void whatWaitsLiveIsNotedOnTheNode() throws Exception {
    append(A, "1");
    stepUntilLive();

    group.waiting = Map.of(0, AT_1);

    stepUntil(() -> raw.get("zonecast/wait/g/zones/0").isPresent());
    assertThat(tenure.waiting()).isEqualTo(Map.of(0, AT_1));
    group.waiting = Map.of();
    stepUntil(() -> raw.get("zonecast/wait/g/zones/0").isEmpty());
  }
}
