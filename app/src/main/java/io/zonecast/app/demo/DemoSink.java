package io.zonecast.app.demo;

import io.zonecast.app.command.BackgroundSink;
import io.zonecast.app.terminal.Version;
import io.zonecast.monitor.ListenAddress;
import io.zonecast.sink.Sink;
import io.zonecast.sink.SinkSettings;
import io.zonecast.sink.lag.PublishWatch;
import io.zonecast.sink.status.GroupMonitor;
import io.zonecast.sink.status.SinkFigures;
import io.zonecast.sink.status.SinkMonitor;
import java.io.IOException;
import java.time.Clock;

/** The demo's sink with its status page, on a port that is free. */
final class DemoSink implements AutoCloseable {
  private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);

  private final SinkMonitor monitor;
  private final ListenAddress page;
  private final BackgroundSink sink;

  private DemoSink(SinkMonitor monitor, ListenAddress page, BackgroundSink sink) {
    this.monitor = monitor;
    this.page = page;
    this.sink = sink;
  }

  static DemoSink start(DemoServers servers) throws IOException {
    Clock clock = Clock.systemUTC();
    SinkSettings settings = servers.sinkSettings();
    SinkFigures figures = SinkMonitor.figures(settings, clock);
    Sink sink = servers.sink(figures);
    SinkMonitor monitor =
        new SinkMonitor(
            ANY_PORT,
            sink,
            settings,
            figures,
            new GroupMonitor(() -> servers.lag().look(false), clock),
            new PublishWatch(servers::lag, clock),
            Version.number(),
            clock);
    try {
      return new DemoSink(monitor, monitor.start(), BackgroundSink.start(sink));
    } catch (IOException | RuntimeException e) {
      monitor.close();
      throw e;
    }
  }

  /** Where its status page is. */
  ListenAddress page() {
    return page;
  }

  /** As {@link BackgroundSink#isRunning}. */
  boolean isRunning() {
    return sink.isRunning();
  }

  /** Ends the sink in good order, and then its page. */
  @Override
  public void close() {
    sink.close();
    monitor.close();
  }
}
