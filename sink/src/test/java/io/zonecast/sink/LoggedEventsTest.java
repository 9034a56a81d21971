package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.node.NodeEvents;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.node.NodeStatus.State;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** To the letter, as operators match on these lines: golden/log-lines.txt. */
class LoggedEventsTest {
  private final LoggedEvents events =
      new LoggedEvents(
          new NodeEvents() {
            @Override
            public void filled(String node, int partition, long next, long entries, long nanos) {}

            @Override
            public void swept(String node, int partition, long entries) {}

            @Override
            public void changed(NodeStatus before, NodeStatus now) {}
          });

  @Test
  void eachChangeIsALine() {
    try (LogLines log = new LogLines("io.zonecast.sink")) {
      events.changed(status(State.IN_STEP, ""), status(State.FILLING, ""));
      events.filled("a:11211", 3, 17, 1_200, 45_000_000);
      events.swept("a:11211", 3, 2);
      events.changed(status(State.FILLING, ""), status(State.DEGRADED, "it evicted 5 entries"));

      assertThat(log.lines())
          .containsExactly(
              "node=a:11211 state=FILLING was=IN_STEP",
              "node=a:11211 partition=3 filled entries=1200 next=17 ms=45",
              "node=a:11211 partition=3 swept entries=2",
              "node=a:11211 state=DEGRADED was=FILLING: it evicted 5 entries");
    }
  }

  private static NodeStatus status(State state, String detail) {
    return new NodeStatus(
        "a:11211",
        state,
        Instant.EPOCH,
        new NodeStatus.Lanes(1, Set.of(), 0, null),
        null,
        null,
        detail);
  }
}
