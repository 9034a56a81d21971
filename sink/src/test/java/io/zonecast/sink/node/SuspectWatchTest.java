package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.FakeNode;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.timing.ShiftedTiming;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which former writers may still have bytes under way, by what the node says of connections. */
class SuspectWatchTest {
  private static final Suspect FORMER = new Suspect("192.0.2.1:4711", 3, 1_000);

  private final AtomicInteger asked = new AtomicInteger();
  private final ShiftedTiming timing = ShiftedTiming.by(Duration.ZERO);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERROR",
        "CLIENT_ERROR unsupported command",
        "SERVER_ERROR stats conns is not allowed",
        "END"
      })
  void aNodeThatListsNoConnectionsHasFormerWritersWaitedForByTime(String answer) throws Exception {
    try (FakeNode node = nodeThatListsNothing(answer);
        NodeConnection connection =
            NodeConnection.open(node.address(), ConnectionSettings.DEFAULT)) {
      var watch = new SuspectWatch(connection, timing);
      watch.watch(List.of(FORMER));

      assertThat(watch.stillThere(List.of(FORMER))).containsExactly(FORMER);
      timing.passed = Duration.ofSeconds(5);
      assertThat(watch.stillThere(List.of(FORMER))).isEmpty();
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void ourOwnConnectionIsNoSuspect() throws Exception {
    try (FakeNode node = nodeThatListsNothing("ERROR");
        NodeConnection connection =
            NodeConnection.open(node.address(), ConnectionSettings.DEFAULT)) {
      var watch = new SuspectWatch(connection, timing);
      var own = new Suspect(connection.localAddress(), 0, 0);
      watch.watch(List.of(own));

      assertThat(watch.stillThere(List.of(own))).isEmpty();
      assertThat(asked).hasValue(0);
    }
  }

  private FakeNode nodeThatListsNothing(String answer) throws Exception {
    return FakeNode.answeringEach(
        request -> {
          asked.incrementAndGet();
          return answer + "\r\n";
        });
  }
}
