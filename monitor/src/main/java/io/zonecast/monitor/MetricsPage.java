package io.zonecast.monitor;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process's meters as Prometheus reads them, in its own text format or in OpenMetrics', whichever
 * the scraper prefers. Nothing of it is made before the first scrape: a process that no one scrapes
 * starts no later for it.
 */
public final class MetricsPage implements Resource, AutoCloseable {
  private final Map<String, String> common;
  private final List<MeterBinder> binders;
  private final Runnable beforeEach;
  private @Nullable Opened opened;

  /** Made at the first scrape. */
  private record Opened(
      PrometheusMeterRegistry registry, JvmGcMetrics collections, ExpositionFormats formats) {}

  /**
   * Loads nothing yet.
   *
   * @param common labels of every meter
   * @param binders bring the meters; asked once, at the first scrape
   * @param beforeEach brings up to date what a binder cannot, before each scrape
   */
  public MetricsPage(
      Map<String, String> common, List<? extends MeterBinder> binders, Runnable beforeEach) {
    this.common = Map.copyOf(common);
    this.binders = List.copyOf(binders);
    this.beforeEach = beforeEach;
  }

  @Override
  public Reply get(PageRequest request) throws IOException {
    Opened scraped = opened();
    beforeEach.run();
    ExpositionFormatWriter writer = scraped.formats.findWriter(request.accept());
    var bytes = new ByteArrayOutputStream();
    writer.write(bytes, scraped.registry.getPrometheusRegistry().scrape());
    return Reply.of(writer.getContentType(), bytes.toByteArray());
  }

  private synchronized Opened opened() {
    if (opened == null) {
      opened = open();
    }
    return opened;
  }

  private Opened open() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    common.forEach((label, value) -> registry.config().commonTags(label, value));
    registry.config().meterFilter(new Described());
    var collections = new JvmGcMetrics();
    collections.bindTo(registry);
    new JvmInfoMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    binders.forEach(binder -> binder.bindTo(registry));
    return new Opened(registry, collections, ExpositionFormats.init());
  }

  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.collections.close();
      opened.registry.close();
    }
  }

  /** Gives a HELP to what a library left without one. */
  private static final class Described implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id id) {
      String description = id.getDescription();
      return description == null || description.isBlank()
          ? new Meter.Id(
              id.getName(),
              Tags.of(id.getTagsAsIterable()),
              id.getBaseUnit(),
              "As the library that counts it names it: " + id.getName() + ".",
              id.getType())
          : id;
    }
  }
}
