package io.zonecast.app.terminal;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with rate and time left, redrawn in place: for terminals only. */
final class BarProgress implements ProgressDisplay {
  private static final Duration REDRAW = Duration.ofMillis(100);

  private final ProgressBar bar;

  BarProgress(PrintStream terminal, String what, String unit) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setUnit(" " + unit, 1)
            .setInitialMax(-1)
            .setUpdateIntervalMillis((int) REDRAW.toMillis())
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(terminal))
            .showSpeed()
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void expect(long total) {
    bar.maxHint(total);
  }

  @Override
  public void reach(long done) {
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}
