package io.zonecast.sink.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.zonecast.monitor.Contact;
import io.zonecast.schemas.publishes.PublishEntry;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.PartitionLag;
import io.zonecast.sink.lag.PublishWatch;
import io.zonecast.sink.lag.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Registers the meters of the whole group, from the last report of {@link GroupMonitor}. Every sink
 * of the group shows the same.
 */
final class GroupMeters implements MeterBinder {
  private static final String UNKNOWN = "UNKNOWN";

  private final GroupMonitor group;
  private final PublishWatch publishes;
  private final Contact kafka;
  private final Clock clock;
  private @Nullable OfPartitions partitions;

  /** One row for each partition, once their number is known. */
  private record OfPartitions(MultiGauge behindSeconds, MultiGauge behindRecords) {}

  GroupMeters(GroupMonitor group, PublishWatch publishes, Contact kafka, Clock clock) {
    this.group = group;
    this.publishes = publishes;
    this.kafka = kafka;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Verdict verdict : Verdict.values()) {
      verdict(registry, verdict.name(), () -> is(verdict));
    }
    verdict(registry, UNKNOWN, () -> report() == null);
    var meters = new Meters(registry, Tags.empty());
    meters.gauge(
        "zonecast.behind",
        "seconds",
        "How long the oldest record has been waiting that the group has not applied; 0 if none is.",
        this::behind);
    meters.gauge(
        "zonecast.look.age",
        "seconds",
        "How long ago the group was last looked at, for its figures here.",
        () -> Meters.seconds(group.scraped().age(clock)));
    meters.gauge(
        "zonecast.kafka.silence",
        "seconds",
        "How long ago Kafka last answered; the group is unknown from 5 s on.",
        () -> Meters.seconds(kafka.silence()));
    publish(meters);
    partitions =
        new OfPartitions(
            MultiGauge.builder("zonecast.partition.behind")
                .baseUnit("seconds")
                .description("As zonecast_behind_seconds, of one partition.")
                .register(registry),
            MultiGauge.builder("zonecast.partition.behind.records")
                .description(
                    "Offsets between the group's commit and the partition's end: at most so many"
                        + " records wait.")
                .register(registry));
  }

  private void publish(Meters meters) {
    meters.gauge(
        "zonecast.zones",
        "Rows of the table after the last publish; updates since are not counted.",
        () -> ofPublish(PublishEntry::rows));
    meters.gauge(
        "zonecast.last.publish.timestamp",
        "seconds",
        "When the last publish was, by the clock of its machine.",
        () -> ofPublish(entry -> entry.summary().getPublishedAt().toEpochMilli() / 1e3));
    meters.gauge(
        "zonecast.last.publish.arrival",
        "seconds",
        "From the commit of the last publish until every node had it, if this sink saw it come.",
        () -> Meters.seconds(publishes.seen().arrival()));
  }

  /** What is not known is NaN, never 0. */
  private double ofPublish(Function<PublishEntry, @Nullable Number> figure) {
    PublishEntry entry = publishes.seen().last().entry();
    Number known = entry == null ? null : figure.apply(entry);
    return known == null ? Double.NaN : known.doubleValue();
  }

  private static void verdict(MeterRegistry registry, String name, BooleanSupplier holds) {
    new Meters(registry, Tags.of("verdict", name))
        .flag(
            "zonecast.verdict",
            "1 for the verdict on the whole group, which zonecast lag gives too.",
            holds);
  }

  /** Brings the partitions' meters up to date; before each scrape. */
  void refresh() {
    OfPartitions meters = partitions;
    if (meters == null) {
      return;
    }
    LagReport report = report();
    List<PartitionLag> lags = report == null ? List.of() : report.partitions();
    meters.behindSeconds.register(rows(lags, lag -> Meters.seconds(lag.behindFor())), true);
    meters.behindRecords.register(rows(lags, GroupMeters::records), true);
  }

  private @Nullable LagReport report() {
    GroupMonitor.Seen seen = group.scraped();
    return kafka.isLost() ? null : seen.current(clock);
  }

  private boolean is(Verdict verdict) {
    LagReport report = report();
    return report != null && report.verdict() == verdict;
  }

  private double behind() {
    LagReport report = report();
    return report == null ? Double.NaN : Meters.seconds(report.behindFor());
  }

  private static List<MultiGauge.Row<?>> rows(
      List<PartitionLag> lags, ToDoubleFunction<PartitionLag> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (PartitionLag lag : lags) {
      Tags tags = Tags.of("partition", Integer.toString(lag.partition()));
      rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(lag)));
    }
    return rows;
  }

  private static double records(PartitionLag lag) {
    Long atMost = lag.behindRecordsAtMost();
    return atMost == null ? Double.NaN : atMost;
  }
}
