package io.zonecast.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineProgressTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private long nanos;
  private final ProgressDisplay progress =
      new LineProgress(
          new PrintStream(printed, true, StandardCharsets.UTF_8),
          "publishing",
          "rows",
          () -> nanos);

  @Test
  void aShortStepSaysNothing() {
    progress.expect(100);
    after(Duration.ofSeconds(4)).reach(100);
    progress.close();

    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aLongStepSaysNowAndThenHowFastItIsAndHowLongItTakes() {
    progress.expect(4_000);
    after(Duration.ofSeconds(5)).reach(1_000);
    after(Duration.ofSeconds(1)).reach(1_200);
    after(Duration.ofSeconds(5)).reach(3_300);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            publishing: 1,000 of 4,000 rows, 200/s, about 15.0 s left
            publishing: 3,300 of 4,000 rows, 300/s, about 2.3 s left
            """);
  }

  @Test
  void withoutATotalThereIsNoTimeLeft() {
    after(Duration.ofSeconds(5)).reach(1_000);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo("publishing: 1,000 rows, 200/s\n");
  }

  private ProgressDisplay after(Duration time) {
    nanos += time.toNanos();
    return progress;
  }
}
