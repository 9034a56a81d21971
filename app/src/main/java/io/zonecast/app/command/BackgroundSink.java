package io.zonecast.app.command;

import io.zonecast.sink.Sink;

/** A sink on a thread of its own, for a command that does something beside it. */
public final class BackgroundSink implements AutoCloseable {
  private final Sink sink;
  private final Background run;

  private BackgroundSink(Sink sink) {
    this.sink = sink;
    this.run = Background.start("zonecast-sink", sink::run, sink::close);
  }

  public static BackgroundSink start(Sink sink) {
    return new BackgroundSink(sink);
  }

  Sink sink() {
    return sink;
  }

  /**
   * Whether it still runs.
   *
   * @throws RuntimeException what it failed with, if it did
   */
  public boolean isRunning() {
    return run.isRunning();
  }

  /** Ends the sink in good order, and waits for it. */
  @Override
  public void close() {
    run.close();
  }
}
