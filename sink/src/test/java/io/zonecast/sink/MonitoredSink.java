package io.zonecast.sink;

import io.zonecast.monitor.ListenAddress;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.PublishWatch;
import io.zonecast.sink.status.GroupMonitor;
import io.zonecast.sink.status.SinkFigures;
import io.zonecast.sink.status.SinkMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A sink that shows itself over HTTP, on a port of its own. */
final class MonitoredSink implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final RunningSink running;
  private final SinkMonitor monitor;
  private final ListenAddress address;

  private MonitoredSink(TestTopic topic, SinkSettings settings) {
    Clock clock = Clock.systemUTC();
    SinkFigures figures = SinkMonitor.figures(settings, clock);
    running = RunningSink.start(topic, settings, figures);
    var probe =
        new LagProbe(
            topic.admin(),
            topic.plain()::consumer,
            settings.topic(),
            settings.group(),
            new CacheNodes(
                settings.nodes(), settings.group(), settings.topic(), settings.writtenWith()));
    monitor =
        new SinkMonitor(
            new ListenAddress("127.0.0.1", 0),
            running.sink(),
            settings,
            figures,
            new GroupMonitor(() -> probe.look(false), clock),
            new PublishWatch(() -> probe, clock),
            "0.1.0-SNAPSHOT",
            clock);
    try {
      address = monitor.start();
    } catch (IOException e) {
      running.close();
      throw new UncheckedIOException(e);
    }
  }

  static MonitoredSink start(Stage stage, List<String> nodes) {
    return new MonitoredSink(
        stage.topic(), RunningSink.settings(stage.topic(), stage.group(), nodes));
  }

  RunningSink running() {
    return running;
  }

  String url(String path) {
    return "http://" + address + path;
  }

  HttpResponse<String> get(String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(20)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("GET " + path, e);
    }
  }

  @Override
  public void close() {
    monitor.close();
    running.close();
  }
}
