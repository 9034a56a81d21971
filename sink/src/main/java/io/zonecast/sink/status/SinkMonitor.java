package io.zonecast.sink.status;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.zonecast.monitor.Contact;
import io.zonecast.monitor.Health;
import io.zonecast.monitor.HealthPage;
import io.zonecast.monitor.HttpEndpoint;
import io.zonecast.monitor.ListenAddress;
import io.zonecast.monitor.MetricsPage;
import io.zonecast.monitor.PageRequest;
import io.zonecast.monitor.RepeatedChecks;
import io.zonecast.monitor.Reply;
import io.zonecast.monitor.Resource;
import io.zonecast.sink.Sink;
import io.zonecast.sink.SinkSettings;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.lag.PublishWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a sink over HTTP: the status page at {@code /}, what it shows as JSON at {@code /status},
 * {@code /metrics}, {@code /livez} and {@code /readyz}.
 */
public final class SinkMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SinkMonitor.class);
  private static final long SECOND_MILLIS = 1_000;
  private static final long PUBLISH_LOOK_MILLIS = 500;

  private final SinkFigures figures;
  private final Supplier<SinkStatus> status;
  private final GroupMonitor group;
  private final PublishWatch publishes;
  private final Contact kafka;
  private final Clock clock;
  private final StatusDocument.Identity identity;
  private final Readiness readiness;
  private final StatusTicker ticker;
  private final KafkaMeters kafkaMeters;
  private final GroupMeters groupMeters;
  private final MetricsPage metrics;
  private final HttpEndpoint endpoint;
  private final RepeatedChecks pulses = new RepeatedChecks("zonecast-pulse");
  private final RepeatedChecks publishLooks = new RepeatedChecks("zonecast-publishes");

  public static Map<String, String> labels(SinkSettings settings) {
    return Map.of("group", settings.group());
  }

  /** Counts what a sink with these settings does: to be given to it, and to its monitor. */
  public static SinkFigures figures(SinkSettings settings, Clock clock) {
    return new SinkFigures(
        labels(settings), settings.nodes().stream().map(NodeAddress::toString).toList(), clock);
  }

  /**
   * Listens to nothing yet.
   *
   * @param figures what the sink was given to tell its events to
   * @param group closed with this
   * @param version of the program, for people
   */
  public SinkMonitor(
      ListenAddress address,
      Sink sink,
      SinkSettings settings,
      SinkFigures figures,
      GroupMonitor group,
      PublishWatch publishes,
      String version,
      Clock clock) {
    this.figures = figures;
    this.status = sink::status;
    this.group = group;
    this.publishes = publishes;
    this.kafka = sink.kafka();
    this.clock = clock;
    this.identity =
        new StatusDocument.Identity(
            version,
            settings.group(),
            settings.topic(),
            "process " + ProcessHandle.current().pid(),
            clock.instant());
    var liveness = new Liveness(sink::lastTurnNanos, System::nanoTime);
    this.readiness = new Readiness(status, settings.group(), kafka, clock);
    this.ticker = new StatusTicker(figures, status, readiness);
    this.kafkaMeters = new KafkaMeters(figures);
    this.groupMeters = new GroupMeters(group, publishes, kafka, clock);
    List<MeterBinder> binders = new ArrayList<>();
    binders.add(
        new SinkMeters(
            figures,
            status,
            liveness,
            readiness,
            ticker.lastMinute(),
            Map.of("version", version, "topic", settings.topic())));
    figures.nodes().forEach((node, its) -> binders.add(new NodeMeters(node, its, status, clock)));
    binders.add(groupMeters);
    binders.add(kafkaMeters);
    this.metrics = new MetricsPage(labels(settings), binders, this::refresh);
    this.endpoint = new HttpEndpoint(address, resources(liveness));
  }

  private Map<String, Resource> resources(Health liveness) {
    return Map.of(
        "/", new StaticFile("index.html", "text/html; charset=utf-8"),
        "/status.css", new StaticFile("status.css", "text/css; charset=utf-8"),
        "/status.js", new StaticFile("status.js", "text/javascript; charset=utf-8"),
        "/icon.svg", new StaticFile("icon.svg", "image/svg+xml"),
        "/status", this::document,
        "/metrics", metrics,
        "/livez", new HealthPage(liveness),
        "/readyz", new HealthPage(readiness));
  }

  /**
   * Begins to listen.
   *
   * @return where
   * @throws IOException if it cannot listen there
   */
  public ListenAddress start() throws IOException {
    ListenAddress bound = endpoint.start();
    group.start();
    pulses.repeat("pulse", ticker, SECOND_MILLIS);
    publishLooks.repeat("publishes", publishes, PUBLISH_LOOK_MILLIS);
    LOG.info("http={} page=http://{}/", bound, bound);
    return bound;
  }

  private void refresh() {
    groupMeters.refresh();
    kafkaMeters.refresh();
  }

  private Reply document(PageRequest request) {
    GroupMonitor.Seen seen = group.watched();
    boolean lost = kafka.isLost();
    var document =
        new StatusDocument(
            clock.instant(),
            identity,
            status.get(),
            readiness.check(),
            figures,
            ticker.lastMinute(),
            new StatusDocument.OfGroup(
                seen,
                lost ? null : seen.current(clock),
                lost ? kafka.words() : "",
                publishes.seen()));
    return Reply.of(
        "application/json", document.json().toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    pulses.close();
    publishLooks.close();
    endpoint.close();
    group.close();
    kafkaMeters.close();
    metrics.close();
  }
}
