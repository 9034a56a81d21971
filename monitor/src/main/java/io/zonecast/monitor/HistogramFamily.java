package io.zonecast.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The histograms of one name, one for each value of its labels. They count whether or not anyone
 * scrapes: a Micrometer timer would need its registry for that, at every start.
 */
public final class HistogramFamily implements MeterBinder {
  private final String name;
  private final String help;
  private final Map<String, String> common;
  private final List<String> labels;
  private final double[] upperBounds;
  private final ConcurrentMap<List<String>, SecondsHistogram> histograms =
      new ConcurrentHashMap<>();

  /**
   * @param name as Prometheus shows it, ending in {@code _seconds}
   * @param common labels that are the same for all of them
   * @param labels the names of the labels; their values must be few
   * @param upperBounds of the buckets, in seconds, ascending
   */
  public HistogramFamily(
      String name,
      String help,
      Map<String, String> common,
      List<String> labels,
      double... upperBounds) {
    this.name = name;
    this.help = help;
    this.common = Map.copyOf(common);
    this.labels = List.copyOf(labels);
    this.upperBounds = upperBounds.clone();
  }

  /** The histogram of these values of the labels, made at the first call. */
  public SecondsHistogram with(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          "%s has the labels %s; values for %d were given".formatted(name, labels, values.length));
    }
    return histograms.computeIfAbsent(List.of(values), these -> new SecondsHistogram(upperBounds));
  }

  /** Shows the histograms in a registry, if that is Prometheus's. */
  @Override
  public void bindTo(MeterRegistry registry) {
    if (registry instanceof PrometheusMeterRegistry prometheus) {
      prometheus.getPrometheusRegistry().register((Collector) this::snapshot);
    }
  }

  private MetricSnapshot snapshot() {
    HistogramSnapshot.Builder snapshot = HistogramSnapshot.builder().name(name).help(help);
    histograms.forEach((values, histogram) -> snapshot.dataPoint(dataPoint(values, histogram)));
    return snapshot.build();
  }

  private HistogramDataPointSnapshot dataPoint(List<String> values, SecondsHistogram histogram) {
    Labels.Builder named = Labels.builder();
    common.forEach(named::label);
    for (int i = 0; i < labels.size(); i++) {
      named.label(labels.get(i), values.get(i));
    }
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long[] counts = histogram.counts();
    for (int i = 0; i < counts.length; i++) {
      buckets.bucket(i < upperBounds.length ? upperBounds[i] : Double.POSITIVE_INFINITY, counts[i]);
    }
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(buckets.build())
        .sum(histogram.seconds())
        .labels(named.build())
        .build();
  }
}
