package io.zonecast.sink.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.cache.SlabClasses;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.lag.NodeSnapshot.OnPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeProgressTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  static final NodeAddress NODE = new NodeAddress("cache1", 11211);
  private static final NodeProgress.Target TARGET = new NodeProgress.Target(0, 1_000, 1_000, 1_200);
  private static final Map<Integer, NodeProgress.Target> TARGETS = Map.of(0, TARGET, 1, TARGET);
  private static final OnPartition LIVE = on(live(1_100), null, 0);

  @Test
  void aNodeThatHasWhatTheGroupHadIsInStep() {
    NodeLag lag = unwatched(sight(0, LIVE, LIVE)).lag(NOW, null);

    assertThat(lag.state()).isEqualTo(NodeState.IN_STEP);
    assertThat(lag.filled()).isNull();
    assertThat(lag.behindRecordsAtMost()).isEqualTo(200);
    assertThat(lag.checkpointAge()).isEqualTo(Duration.ofSeconds(60));
    assertThat(lag.standing()).isEqualTo("IN STEP");
  }

  @Test
  void aNodeWithItsOldMemoryIsFilledAndNotInStep() {
    NodeLag lag = unwatched(sight(0, LIVE, on(live(400), null, 0))).lag(NOW, null);

    assertThat(lag.state()).isEqualTo(NodeState.FILLING);
    assertThat(lag.behindRecordsAtMost()).isEqualTo(900);
    assertThat(lag.filled()).isEqualTo(0.5);
  }

  @Test
  void aFillSaysHowFarItIsAndHowLongItNeeds() {
    NodeLag lag = unwatched(sight(0, LIVE, filling(0.26, 2_100, 7))).lag(NOW, null);

    assertThat(lag.state()).isEqualTo(NodeState.FILLING);
    assertThat(lag.filled()).isEqualTo(0.63);
    assertThat(lag.left()).isEqualTo(Duration.ofMillis(2_100));
    assertThat(lag.behindRecordsAtMost()).isNull();
    assertThat(lag.standing()).isEqualTo("FILLING 63 %, about 2 s left");
  }

  @Test
  void aFillThatDoesNotSaySoHasNoTimeLeft() {
    NodeLag lag = unwatched(sight(0, filling(0.5, 2_100, 7), OnPartition.NOTHING)).lag(NOW, null);

    assertThat(lag.left()).isNull();
    assertThat(lag.standing()).isEqualTo("FILLING 25 %");
  }

  @Test
  void aFillThatMovesDoesNotStand() {
    NodeProgress moving =
        new NodeProgress(
            sight(0, LIVE, filling(0.2, 4_000, 7)),
            sight(0, LIVE, filling(0.2, 4_000, 8)),
            TARGETS,
            true);

    assertThat(moving.stands()).isFalse();
    assertThat(moving.movesOn(1)).isTrue();
    assertThat(moving.movesOn(0)).isFalse();
  }

  @Test
  void aFillThatEndedWhileItWasWatchedHasMovedThoughTheGroupHasNotCommittedYet() {
    NodeProgress ended =
        new NodeProgress(sight(0, LIVE, filling(0.9, 400, 7)), sight(0, LIVE, LIVE), TARGETS, true);

    assertThat(ended.movesOn(1)).isFalse();
    assertThat(ended.hasMovedOn(1)).isTrue();
    assertThat(ended.hasMovedOn(0)).isFalse();
  }

  @Test
  void aFillOfWhichNothingWasWrittenStands() {
    NodeSnapshot still = sight(0, LIVE, filling(0.2, 4_000, 7));

    NodeProgress movement = new NodeProgress(still, still, TARGETS, true);

    assertThat(movement.stands()).isTrue();
    assertThat(movement.lag(NOW, null).left()).isNull();
    assertThat(movement.lag(NOW, null).detail()).contains("cache1:11211").contains("log");
  }

  @Test
  void aClaimAloneIsNoMovement() {
    OnPartition claimed =
        on(
            Checkpoint.filling(new Uuid(1, 2), 0, "10.0.0.8:2", writtenWith(), 0, List.of()),
            null,
            0);

    NodeProgress movement =
        new NodeProgress(
            sight(0, LIVE, OnPartition.NOTHING), sight(0, LIVE, claimed), TARGETS, true);

    assertThat(movement.stands()).isTrue();
  }

  @Test
  void nobodyIsSaidToStandWhoWasNotWatched() {
    assertThat(unwatched(sight(0, LIVE, OnPartition.NOTHING)).stands()).isFalse();
  }

  @Test
  void aSinkThatWasAwayLongTakesItsNodesOnByAFill() {
    // The group stands where the nodes do, until they are filled.
    Map<Integer, NodeProgress.Target> behindTogether =
        Map.of(0, new NodeProgress.Target(0, 400, 1_000, 1_000));
    OnPartition then = on(live(400), new FillProgress(0.4, null), 7);
    OnPartition now = on(live(400), new FillProgress(0.6, null), 8);

    NodeProgress movement =
        new NodeProgress(
            NodeSnapshot.of(NODE, Map.of(0, then), Map.of(), stats(0), null),
            NodeSnapshot.of(NODE, Map.of(0, now), Map.of(), stats(0), null),
            behindTogether,
            true);

    assertThat(movement.movesOn(0)).isTrue();
    assertThat(movement.lag(NOW, null).state()).isEqualTo(NodeState.FILLING);
    assertThat(movement.lag(NOW, null).filled()).isEqualTo(0.6);
  }

  @Test
  void evictionsDegradeANodeInStepAndShowOnOneThatIsFilled() {
    NodeLag inStep = unwatched(sight(61, LIVE, LIVE)).lag(NOW, null);
    NodeLag filled = unwatched(sight(61, LIVE, filling(0.2, 4_000, 7))).lag(NOW, null);

    assertThat(inStep.state()).isEqualTo(NodeState.DEGRADED);
    assertThat(filled.state()).isEqualTo(NodeState.FILLING);
    assertThat(filled.stats()).extracting(NodeStats::evictions).isEqualTo(61L);
    assertThat(filled.detail()).isEqualTo(inStep.detail()).contains("evicted 61 entries");
  }

  @Test
  void aNodeThatDoesNotAnswerIsDownAndAllElseUnknown() {
    Instant since = Instant.parse("2026-11-22T03:00:00.5Z");

    NodeLag lag = unwatched(NodeSnapshot.none(NODE, "cache1:11211: refused")).lag(NOW, since);

    assertThat(lag.state()).isEqualTo(NodeState.DOWN);
    assertThat(lag.stats()).isNull();
    assertThat(lag.filled()).isNull();
    assertThat(lag.standing()).isEqualTo("DOWN since 2026-11-22T03:00:00Z");
    assertThat(lag.detail()).isEqualTo("cache1:11211: refused");
  }

  @Test
  void anEmptyPartitionIsNoPartOfTheWay() {
    NodeSnapshot nothing =
        NodeSnapshot.of(
            NODE, Map.of(0, OnPartition.NOTHING, 1, OnPartition.NOTHING), Map.of(), stats(0), null);

    NodeProgress movement =
        new NodeProgress(
            nothing, nothing, Map.of(0, TARGET, 1, new NodeProgress.Target(0, 0, 0, 0)), false);

    assertThat(movement.lag(NOW, null).filled()).isZero();
  }

  @Test
  void nobodyLacksWhatAnEmptyPartitionHas() {
    NodeProgress movement =
        new NodeProgress(
            NodeSnapshot.of(NODE, Map.of(0, OnPartition.NOTHING), Map.of(), stats(0), null),
            NodeSnapshot.of(NODE, Map.of(0, OnPartition.NOTHING), Map.of(), stats(0), null),
            Map.of(0, new NodeProgress.Target(7, 7, 7, 7)),
            false);

    assertThat(movement.isBehind()).isFalse();
    assertThat(movement.lag(NOW, null).behindRecordsAtMost()).isZero();
  }

  @Test
  void aNodeThatLacksWhatCannotBeReadYetIsNotInStepAndSaysWhy() {
    OnPartition empty = waiting(live(0), 0);
    Map<Integer, NodeProgress.Target> untouched =
        Map.of(0, new NodeProgress.Target(0, 0, 1_000, 1_000));
    NodeSnapshot sight = NodeSnapshot.of(NODE, Map.of(0, empty), Map.of(), stats(0), null);

    NodeProgress movement = new NodeProgress(sight, sight, untouched, false);

    assertThat(movement.stands()).isTrue();
    assertThat(movement.lag(NOW, null).state()).isEqualTo(NodeState.FILLING);
    assertThat(movement.lag(NOW, null).left()).isNull();
    assertThat(movement.lag(NOW, null).detail())
        .isEqualTo("partition 0 waits at offset 0: schema id 7 is unknown");
  }

  @Test
  void aNodeThatHasTheRecordDoesNotWaitForASinkThatCannotReadIt() {
    NodeProgress movement = unwatched(sight(0, LIVE, waiting(live(1_100), 1_099)));

    assertThat(movement.stands()).isFalse();
    assertThat(movement.lag(NOW, null).state()).isEqualTo(NodeState.IN_STEP);
    assertThat(movement.lag(NOW, null).detail())
        .isEqualTo(
            "a sink does not begin: partition 1 waits at offset 1099: schema id 7 is unknown");
  }

  private static OnPartition waiting(Checkpoint checkpoint, long offset) {
    return new OnPartition(
        checkpoint, true, null, 0, new WaitNote(offset, "schema id 7 is unknown"));
  }

  private static NodeProgress unwatched(NodeSnapshot sight) {
    return new NodeProgress(sight, sight, TARGETS, false);
  }

  private static NodeSnapshot sight(long evictions, OnPartition zero, OnPartition one) {
    return NodeSnapshot.of(NODE, Map.of(0, zero, 1, one), Map.of(), stats(evictions), null);
  }

  static OnPartition filling(double share, long leftMillis, long fillCas) {
    return on(
        Checkpoint.filling(new Uuid(1, 2), 0, "10.0.0.7:1", writtenWith(), 0, List.of()),
        new FillProgress(share, Duration.ofMillis(leftMillis)),
        fillCas);
  }

  private static OnPartition on(Checkpoint checkpoint, @Nullable FillProgress fill, long fillCas) {
    return new OnPartition(checkpoint, true, fill, fillCas, null);
  }

  private static Checkpoint live(long next) {
    return new Checkpoint(
        Checkpoint.State.LIVE,
        new Uuid(1, 2),
        0,
        new PartitionPosition(
            next, NOW.minusSeconds(60).toEpochMilli(), PartitionPosition.NO_EPOCH),
        "10.0.0.7:1",
        writtenWith(),
        0,
        List.of());
  }

  private static WrittenWith writtenWith() {
    return new WrittenWith("zone:", "zone", 0, "modulo", List.of("cache1:11211"));
  }

  static NodeStats stats(long evictions) {
    return new NodeStats(
        500, 40_000, 64 << 20, evictions, Duration.ofHours(2), SlabClasses.of(Map.of()));
  }
}
