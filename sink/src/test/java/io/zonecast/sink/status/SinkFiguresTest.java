package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.node.NodeStatus.State;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SinkFiguresTest {
  private final SinkFigures figures =
      new SinkFigures(
          Map.of("group", "g"), List.of("a"), Clock.fixed(Reports.NOON, ZoneOffset.UTC));

  @Test
  void aFinishedFillIsNewsWithItsTimeAndItsEntries() {
    NodeStatus filling = at(State.FILLING, Duration.ZERO, "");
    figures.changed(at(State.DOWN, Duration.ZERO, ""), filling);
    figures.filled("a", 0, 100, 1_200, 1);
    figures.filled("a", 1, 100, 34, 1);

    figures.changed(filling, at(State.IN_STEP, Duration.ofMillis(2_100), ""));

    assertThat(latest())
        .isEqualTo(
            new RecentEvents.Entry(
                Reports.NOON, Severity.GOOD, "a: filled in 2.1 s, 1,234 entries"));
  }

  @Test
  void aSecondFillDoesNotCountTheFirst() {
    NodeStatus filling = at(State.FILLING, Duration.ZERO, "");
    figures.filled("a", 0, 100, 1_200, 1);
    figures.changed(filling, at(State.IN_STEP, Duration.ofSeconds(1), ""));
    figures.filled("a", 0, 100, 7, 1);

    figures.changed(filling, at(State.IN_STEP, Duration.ofSeconds(12), ""));

    assertThat(latest().text()).isEqualTo("a: filled in 12 s, 7 entries");
  }

  @Test
  void aNodeThatIsDownIsBadNewsWithItsReason() {
    figures.changed(at(State.IN_STEP, Duration.ZERO, ""), at(State.DOWN, Duration.ZERO, "refused"));

    assertThat(latest())
        .isEqualTo(new RecentEvents.Entry(Reports.NOON, Severity.BAD, "a is DOWN: refused"));
  }

  @Test
  void deadLettersAreOnePieceOfNewsHoweverManyTheyAre() {
    figures.putAside(2, 17, 5, "no Avro");

    assertThat(figures.latest()).hasSize(1);
    assertThat(latest().text())
        .isEqualTo("Partition 2: 17 records dead-lettered, the first at offset 5: no Avro");
    assertThat(figures.deadLetters()).isEqualTo(17);
  }

  @Test
  void aReasonThatQuotesALongRecordIsCutShort() {
    figures.putAside(2, 1, 5, "x".repeat(10_000));

    assertThat(latest().text()).hasSizeLessThan(310).endsWith("…");
  }

  @Test
  void onlyTheLatestNewsIsKept() {
    for (int i = 0; i < 1_000; i++) {
      figures.swept("a", 0, i);
    }

    assertThat(figures.latest()).hasSize(40);
    assertThat(latest().text()).isEqualTo("a: 999 entries swept from partition 0");
  }

  private RecentEvents.Entry latest() {
    return figures.latest().get(0);
  }

  private static NodeStatus at(State state, Duration afterNoon, String detail) {
    return new NodeStatus(
        "a",
        state,
        Reports.NOON.plus(afterNoon),
        new NodeStatus.Lanes(2, Set.of(), 0, null),
        null,
        null,
        detail);
  }
}
