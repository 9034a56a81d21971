package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Suspect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a former owner of a partition may still have under way. */
class LateBatchIT extends ProtocolStage {
  @Test
  void aFormerWriterThatHasGoneIsForgottenOnceItsTraceIsMended() throws Exception {
    append(A, "1");
    plant(live(1, now()).claimedBy(STRANGER));

    stepUntilLive();

    assertThat(checkpoint().suspects()).isEmpty();
  }

  @Test
  void aLateBatchIsMendedOnceItsWriterHasGone() throws Exception {
    append(A, "1");
    append(A, "2");
    NodeConnection former = connect();
    plant(live(1, now()).claimedBy(former.localAddress()));
    stepUntilLive();
    assertThat(checkpoint().suspects())
        .containsExactly(new Suspect(former.localAddress(), 1, now()));

    sendLate(former, A, "late");
    former.close();

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isEqualTo(1);
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("2");
    assertThat(checkpoint().suspects()).isEmpty();
  }

  @Test
  void theGroupRemembersTheWritersOfAWipedNode() throws Exception {
    append(A, "1");
    NodeConnection former = connect();
    group.formerWriters = List.of(former.localAddress());

    stepUntilLive();

    assertThat(checkpoint().suspects()).containsExactly(new Suspect(former.localAddress(), 0, 0));
    former.close();
    stepUntil(fills::isAsked);
    stepUntilLive();
    assertThat(checkpoint().suspects()).isEmpty();
    assertThat(group.gone).containsExactly(former.localAddress());
  }

  @Test
  void anOwnerThatAnotherClaimedFromDoesNotSuspectItself() throws Exception {
    append(A, "1");
    append(A, "2");
    plant(live(1, now()).released());
    stepUntilLive();

    // A sink that woke claims, and then fails its proof.
    plant(live(1, now()).claimedBy(connection.localAddress()).claimedBy(STRANGER));

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isEqualTo(1);
    stepUntilLive();
    assertThat(isOurs(checkpoint())).isTrue();
    assertThat(checkpoint().suspects()).isEmpty();
    assertThat(checkpoint().nextOffset()).isEqualTo(2);
  }

  @Test
  void aWriterThatLetGoInGoodOrderIsForgottenThoughItStaysConnected() throws Exception {
    append(A, "1");
    NodeConnection former = connect();
    group.formerWriters = List.of(former.localAddress());
    plant(live(1, now()).released());

    stepUntilLive();

    assertThat(group.gone).containsExactly(former.localAddress());
  }
}
