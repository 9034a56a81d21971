package io.zonecast.app.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A line now and then, for logs and pipes; nothing for a step that is over soon. */
final class LineProgress implements ProgressDisplay {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final double LEAST_RATE = 10;

  private final PrintStream lines;
  private final String what;
  private final String unit;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private long lastNanos;
  private long total = -1;

  LineProgress(PrintStream lines, String what, String unit, LongSupplier nanoClock) {
    this.lines = lines;
    this.what = what;
    this.unit = unit;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
    this.lastNanos = startNanos;
  }

  @Override
  public synchronized void expect(long newTotal) {
    total = newTotal;
  }

  @Override
  public synchronized void reach(long done) {
    long now = nanoClock.getAsLong();
    if (now - lastNanos < EVERY.toNanos()) {
      return;
    }
    lastNanos = now;
    Duration elapsed = Duration.ofNanos(now - startNanos);
    StringBuilder line = new StringBuilder(what).append(": ").append(Figures.count(done));
    if (total > 0) {
      line.append(" of ").append(Figures.count(total));
    }
    line.append(' ').append(unit);
    // "0/s" of a few large steps says nothing; the time left does.
    if (done * 1e9 / Math.max(1, elapsed.toNanos()) >= LEAST_RATE) {
      line.append(", ").append(Figures.rate(done, elapsed));
    }
    if (total > 0 && done > 0) {
      long leftNanos = (long) (elapsed.toNanos() * (double) (total - done) / done);
      line.append(", about ")
          .append(Figures.time(Duration.ofNanos(Math.max(leftNanos, 0))))
          .append(" left");
    }
    lines.println(line);
  }

  @Override
  public void close() {}
}
