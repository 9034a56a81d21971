package io.zonecast.app.terminal;

/** How far a long step has come. Safe to report from several threads; closed by one. */
public interface ProgressDisplay extends AutoCloseable {
  /** Does not show anything. */
  static ProgressDisplay none() {
    return new ProgressDisplay() {
      @Override
      public void expect(long total) {}

      @Override
      public void reach(long done) {}

      @Override
      public void close() {}
    };
  }

  /** Sets how many there will be, once that is known; before, only a count is shown. */
  void expect(long total);

  /** Sets how many are done so far. Never goes back. */
  void reach(long done);

  /** Removes the bar; whoever ran the step says what came of it. */
  @Override
  void close();
}
