package io.zonecast.sink.fill;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.fill.FillPlan.FromStart;
import io.zonecast.sink.fill.FillPlan.GoOn;
import io.zonecast.sink.fill.FillPlan.Why;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a node can remember where it stands, and where its fill begins then. */
class FillPlanTest {
  private static final Uuid TOPIC = new Uuid(1, 2);
  private static final WrittenWith OURS = writtenWith("zone");
  private static final Suspect LATE = new Suspect("10.0.0.9:40000", 30, 3_000);

  /** Deletes of before may have been compacted away. */
  private static final long TOMBSTONES_SINCE = 2_000;

  static Stream<Arguments> whatANodeRemembers() {
    Checkpoint live = checkpoint(State.LIVE, TOPIC, OURS, 5_000);
    return Stream.of(
        Arguments.of("nothing", null, new FromStart(Why.NO_CHECKPOINT)),
        Arguments.of("where it stands", live, new GoOn(live.progress(), live.progress())),
        Arguments.of(
            "a fill that has not ended",
            checkpoint(State.FILLING, TOPIC, OURS, 0),
            new FromStart(Why.UNFINISHED)),
        Arguments.of(
            "a topic made anew since",
            checkpoint(State.LIVE, new Uuid(8, 9), OURS, 5_000),
            new FromStart(Why.ANOTHER_TOPIC)),
        Arguments.of(
            "an unfinished fill from a topic made anew since",
            checkpoint(State.FILLING, new Uuid(8, 9), OURS, 0),
            new FromStart(Why.ANOTHER_TOPIC)),
        Arguments.of(
            "entries in another format",
            checkpoint(State.LIVE, TOPIC, writtenWith("avro"), 5_000),
            new FromStart(Why.OTHER_SETTINGS)),
        Arguments.of(
            "a time just within what tombstones live",
            checkpoint(State.LIVE, TOPIC, OURS, TOMBSTONES_SINCE),
            new GoOn(
                new PartitionPosition(50, TOMBSTONES_SINCE, 7),
                new PartitionPosition(50, TOMBSTONES_SINCE, 7))),
        Arguments.of(
            "a time before deletes that are gone",
            checkpoint(State.LIVE, TOPIC, OURS, TOMBSTONES_SINCE - 1),
            new FromStart(Why.DELETES_MISSED)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatANodeRemembers")
  void aFillBeginsWhereTheNodesMemorySaysIfItCanBeReliedOn(
      String what, Checkpoint found, FillPlan expected) {
    Checkpoint held = found == null ? checkpoint(State.FILLING, TOPIC, OURS, 0) : found;

    FillPlan plan = FillPlan.of(Optional.ofNullable(found), held, TOPIC, OURS, TOMBSTONES_SINCE);

    assertThat(plan).as(what).isEqualTo(expected);
  }

  @Test
  void whatAFormerWriterMayHaveWrittenLateIsSentAgain() {
    Checkpoint found = suspecting(checkpoint(State.LIVE, TOPIC, OURS, 5_000), LATE);

    FillPlan plan = FillPlan.of(Optional.of(found), found, TOPIC, OURS, TOMBSTONES_SINCE);

    assertThat(plan)
        .isEqualTo(
            new GoOn(new PartitionPosition(30, 3_000, 7), new PartitionPosition(50, 5_000, 7)));
  }

  @Test
  void aFormerWriterFromBeforeTombstonesAreGoneMakesTheFillBeginAtTheStart() {
    Checkpoint found = suspecting(checkpoint(State.LIVE, TOPIC, OURS, 5_000), LATE);

    FillPlan plan = FillPlan.of(Optional.of(found), found, TOPIC, OURS, LATE.timeMillis() + 1);

    assertThat(plan).isEqualTo(new FromStart(Why.DELETES_MISSED));
  }

  @Test
  void onlyTheSweepOfAnotherTopicsEntriesIsGuarded() {
    for (Why why : Why.values()) {
      assertThat(new FromStart(why).isGuarded()).isEqualTo(why == Why.ANOTHER_TOPIC);
    }
  }

  private static WrittenWith writtenWith(String format) {
    return new WrittenWith("zone:", format, 0, "modulo", List.of("a:11211"));
  }

  private static Checkpoint checkpoint(
      State state, Uuid topic, WrittenWith writtenWith, long timeMillis) {
    return new Checkpoint(
        state,
        topic,
        0,
        state == State.LIVE ? new PartitionPosition(50, timeMillis, 7) : PartitionPosition.NONE,
        "10.0.0.7:40112",
        writtenWith,
        0,
        List.of());
  }

  private static Checkpoint suspecting(Checkpoint of, Suspect suspect) {
    return new Checkpoint(
        of.state(),
        of.topicId(),
        of.partition(),
        of.progress(),
        of.conn(),
        of.writtenWith(),
        of.sinceMillis(),
        List.of(suspect));
  }
}
