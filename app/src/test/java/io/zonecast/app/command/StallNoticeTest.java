package io.zonecast.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StallNoticeTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final List<String> said = new ArrayList<>();
  private Duration now = Duration.ofHours(1);
  private LagReport report = report(Verdict.STALLED, null);

  private final StallNotice stallNotice =
      new StallNotice(() -> report, said::add, () -> now.toNanos());

  @Test
  void nothingIsSaidWhileANodeGetsSomething() {
    for (int percent = 0; percent < 50; percent++) {
      seenFor(Duration.ofSeconds(9), percent / 100.0);
    }

    assertThat(said).isEmpty();
  }

  @Test
  void theReasonIsSaidOnceHoweverLongItLasts() {
    seenFor(Duration.ofMinutes(5), 0.5);

    assertThat(said)
        .containsExactly(
            "zonecast: nothing has moved for 10 s, and is waited for on: zones-sink: STALLED; node"
                + " a:1 is FILLING");
  }

  @Test
  void anotherReasonIsSaidToo() {
    seenFor(Duration.ofSeconds(30), 0.5);
    report = report(Verdict.STALLED, "no memory");
    seenFor(Duration.ofSeconds(30), 0.5);

    assertThat(said).hasSize(2).last().asString().endsWith("no memory");
  }

  @Test
  void theReasonIsSaidAgainAfterSomethingHasMoved() {
    seenFor(Duration.ofSeconds(30), 0.5);
    seenFor(Duration.ofSeconds(30), 0.6);

    assertThat(said).hasSize(2);
  }

  @Test
  void aReportThatAllIsWellIsNoReason() {
    report = report(Verdict.CAUGHT_UP, null);

    seenFor(Duration.ofMinutes(1), 0.5);

    assertThat(said).singleElement().asString().endsWith(", and the cause is unknown");
  }

  @Test
  void aReasonThatCannotBeFoundOutIsSaidToBeUnknownAndEndsNothing() {
    StallNotice blind =
        new StallNotice(
            () -> {
              throw new TimeoutException("no answer");
            },
            said::add,
            () -> now.toNanos());
    blind.seen(List.of(node(0.5, null)));
    now = now.plusMinutes(1);

    blind.seen(List.of(node(0.5, null)));

    assertThat(said)
        .singleElement()
        .asString()
        .endsWith("the cause is unknown, since Kafka does not say: no answer");
  }

  private void seenFor(Duration time, double filled) {
    for (Duration end = now.plus(time); now.compareTo(end) < 0; now = now.plusMillis(200)) {
      stallNotice.seen(List.of(node(filled, null)));
    }
  }

  private static LagReport report(Verdict verdict, @Nullable String detail) {
    return new LagReport(
        "zones-sink", "zones", NOON, verdict, null, null, List.of(), List.of(node(null, detail)));
  }

  private static NodeLag node(@Nullable Double filled, @Nullable String detail) {
    FillProgress fill = filled == null ? null : new FillProgress(filled, null);
    return new NodeLag("a:1", NodeState.FILLING, null, fill, null, null, null, detail);
  }
}
