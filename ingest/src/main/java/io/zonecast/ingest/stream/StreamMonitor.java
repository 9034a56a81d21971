package io.zonecast.ingest.stream;

import io.zonecast.monitor.Contact;
import io.zonecast.monitor.Health;
import io.zonecast.monitor.HealthPage;
import io.zonecast.monitor.HttpEndpoint;
import io.zonecast.monitor.ListenAddress;
import io.zonecast.monitor.MetricsPage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a stream of updates over HTTP: {@code /metrics}, {@code /livez} and {@code /readyz}. */
public final class StreamMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamMonitor.class);

  private final StreamMeters meters;
  private final MetricsPage metrics;
  private final HttpEndpoint endpoint;

  /**
   * Listens to nothing yet.
   *
   * @param version of the program, for people
   */
  public StreamMonitor(ListenAddress address, UpdateStream stream, String version) {
    meters = new StreamMeters(stream, version);
    metrics =
        new MetricsPage(
            Map.of("group", stream.settings().group()), List.of(meters), meters::refresh);
    endpoint =
        new HttpEndpoint(
            address,
            Map.of(
                "/metrics", metrics,
                "/livez", new HealthPage(() -> liveness(stream.status())),
                "/readyz", new HealthPage(() -> readiness(stream.status(), stream.kafka()))));
  }

  private static Health.Answer liveness(StreamStatus status) {
    String said = "the stream is " + status.state();
    return status.alive() ? Health.Answer.ok(said) : Health.Answer.failing(said);
  }

  static Health.Answer readiness(StreamStatus status, Contact kafka) {
    return status.ready()
        ? Health.Answer.ok("updates are taken; " + kafka.words())
        : Health.Answer.failing(
            "no updates are taken, the stream is " + status.state() + "; " + kafka.words());
  }

  /**
   * Begins to listen.
   *
   * @return where
   * @throws IOException if it cannot listen there
   */
  public ListenAddress start() throws IOException {
    ListenAddress bound = endpoint.start();
    LOG.info("http={} metrics=http://{}/metrics", bound, bound);
    return bound;
  }

  @Override
  public void close() {
    endpoint.close();
    meters.close();
    metrics.close();
  }
}
