package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionState;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OperatorAnswersTest {
  private final LagReport caughtUp =
      Reports.group(
          Verdict.CAUGHT_UP, null, Reports.caughtUp(), Reports.node("a", NodeState.IN_STEP));

  @Test
  void allIsWellWhereAllIsApplied() {
    OperatorAnswers answers =
        OperatorAnswers.of(Reports.sink(Reports.node("a", State.IN_STEP)), caughtUp);

    assertThat(answers)
        .isEqualTo(
            new OperatorAnswers(
                new OperatorAnswers.Answer(Severity.GOOD, "Yes: every node has its share"),
                new OperatorAnswers.Answer(Severity.GOOD, "No: nothing waits"),
                new OperatorAnswers.Answer(Severity.GOOD, "Nothing is left to do")));
  }

  @Test
  void nothingIsClaimedWhileTheGroupIsNotKnown() {
    OperatorAnswers answers =
        OperatorAnswers.of(Reports.sink(Reports.node("a", State.IN_STEP)), null);

    assertThat(answers.right())
        .isEqualTo(new OperatorAnswers.Answer(Severity.PLAIN, "Not known yet"));
    assertThat(answers.late()).isEqualTo(answers.right());
    assertThat(answers.done()).isEqualTo(answers.right());
  }

  @Test
  void whatWaitsIsSaidBeforeAnybodyHasLookedAtTheGroup() {
    OperatorAnswers answers = OperatorAnswers.of(Reports.waiting(Reports.AT_7), null);

    assertThat(answers.right().text())
        .isEqualTo("No: partition 3 waits at offset 7: schema id 12 is not known");
  }

  @Test
  void anEvictionIsNotRightThoughAllIsApplied() {
    LagReport evicted =
        Reports.group(
            Verdict.CAUGHT_UP, null, Reports.caughtUp(), Reports.node("a", NodeState.DEGRADED));

    OperatorAnswers answers =
        OperatorAnswers.of(Reports.sink(Reports.node("a", State.DEGRADED)), evicted);

    assertThat(answers.right())
        .isEqualTo(new OperatorAnswers.Answer(Severity.BAD, "No: a has evicted zones"));
  }

  @Test
  void aFillOfThisProcessCountsThoughTheLastLookDidNotSeeIt() {
    OperatorAnswers answers =
        OperatorAnswers.of(
            Reports.sink(Reports.node("a", State.FILLING, Duration.ofSeconds(12), "")), caughtUp);

    assertThat(answers.right())
        .isEqualTo(new OperatorAnswers.Answer(Severity.BUSY, "Not yet: a is being filled"));
    assertThat(answers.done())
        .isEqualTo(new OperatorAnswers.Answer(Severity.BUSY, "In about 12 s"));
  }

  @Test
  void theSlowestFillSaysWhenItIsDone() {
    LagReport catchingUp =
        Reports.group(
            Verdict.CATCHING_UP,
            Duration.ofSeconds(3),
            Reports.partition(PartitionState.CATCHING_UP, 10L, Duration.ofSeconds(90)));

    OperatorAnswers answers =
        OperatorAnswers.of(
            Reports.sink(
                Reports.node("a", State.FILLING, Duration.ofMinutes(5), ""),
                Reports.node("b", State.FILLING, Duration.ofSeconds(7), "")),
            catchingUp);

    assertThat(answers.done().text()).isEqualTo("In about 5 m");
    assertThat(answers.late().text()).isEqualTo("By 90 s, at most 10 records");
  }

  @Test
  void aFillWhosePaceIsNotKnownLeavesTheEndOpen() {
    OperatorAnswers answers =
        OperatorAnswers.of(
            Reports.sink(
                Reports.node("a", State.FILLING, null, ""),
                Reports.node("b", State.FILLING, Duration.ofSeconds(7), "")),
            caughtUp);

    assertThat(answers.done().text()).isEqualTo("Not known yet");
  }

  @Test
  void aNodeThatIsDownIsNamedAsWhatIsWaitedFor() {
    LagReport down =
        Reports.group(Verdict.STALLED, null, Reports.caughtUp(), Reports.node("a", NodeState.DOWN));

    OperatorAnswers answers = OperatorAnswers.of(Reports.sink(Reports.node("a", State.DOWN)), down);

    assertThat(answers.right().text()).isEqualTo("No: a does not answer");
    assertThat(answers.done())
        .isEqualTo(new OperatorAnswers.Answer(Severity.BAD, "When a is back"));
  }

  @Test
  void aTableThatGoesToTheDeadLettersIsNotRightThoughAllIsApplied() {
    OperatorAnswers answers =
        OperatorAnswers.of(Reports.sink(Reports.node("a", State.IN_STEP)), caughtUp);

    assertThat(answers.deadLettering("12 % of the last minute's records were").right())
        .isEqualTo(
            new OperatorAnswers.Answer(Severity.BAD, "No: 12 % of the last minute's records were"));
    assertThat(answers.deadLettering("")).isEqualTo(answers);
  }

  @Test
  void whatElseIsNotRightIsSaidBesideTheDeadLetters() {
    OperatorAnswers answers = OperatorAnswers.of(Reports.waiting(Reports.AT_7), caughtUp);

    assertThat(answers.deadLettering("12 % of the last minute's records were").right().text())
        .isEqualTo(
            "No: partition 3 waits at offset 7: schema id 12 is not known; 12 % of the last"
                + " minute's records were");
  }

  @Test
  void aRecordThatCannotBeReadYetIsWhatIsNotRight() {
    OperatorAnswers answers = OperatorAnswers.of(Reports.waiting(Reports.AT_7), caughtUp);

    assertThat(answers.right().text())
        .isEqualTo("No: partition 3 waits at offset 7: schema id 12 is not known");
    assertThat(answers.late())
        .isEqualTo(new OperatorAnswers.Answer(Severity.BAD, "By what cannot be read yet"));
    assertThat(answers.done()).isEqualTo(new OperatorAnswers.Answer(Severity.BAD, "Not by itself"));
  }

  @Test
  void whatIsNotKnownIsNotSaidToBeNothing() {
    LagReport unknown =
        Reports.group(
            Verdict.CATCHING_UP, null, Reports.partition(PartitionState.UNKNOWN, null, null));

    OperatorAnswers answers = OperatorAnswers.of(Reports.sink(), unknown);

    assertThat(answers.late().text()).isEqualTo("Not known yet");
  }
}
