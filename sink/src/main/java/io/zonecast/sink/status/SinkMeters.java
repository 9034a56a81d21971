package io.zonecast.sink.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.zonecast.sink.SinkStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The meters of this process and of the records that go through it.
 *
 * @param build what runs here: version, commit, topic
 */
record SinkMeters(
    SinkFigures figures,
    Supplier<SinkStatus> status,
    Liveness liveness,
    Readiness readiness,
    LastMinute lastMinute,
    Map<String, String> build)
    implements MeterBinder {

  SinkMeters {
    build = Map.copyOf(build);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    List<Tag> what = build.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList();
    new Meters(registry, Tags.of(what))
        .gauge("zonecast.sink.info", "What runs here; always 1.", () -> 1);
    var meters = new Meters(registry, Tags.empty());
    meters.flag(
        "zonecast.sink.ready",
        "1 while all that is this sink's own is in step, as /readyz says.",
        () -> readiness.check().ok());
    meters.flag(
        "zonecast.sink.joined",
        "1 once the group has said which partitions are this sink's.",
        () -> status.get().joined());
    meters.gauge(
        "zonecast.sink.partitions",
        "Partitions that are this sink's own.",
        () -> status.get().partitions().size());
    meters.gauge(
        "zonecast.sink.partitions.waiting",
        "Partitions of this sink that are held up by a record which cannot be read yet.",
        () -> status.get().waiting().size());
    meters.gauge(
        "zonecast.sink.turn.age",
        "seconds",
        "How long ago the poll loop began its present turn.",
        () -> Meters.seconds(liveness.age()));
    meters.counter("zonecast.records.polled", "Live records polled.", figures, SinkFigures::polled);
    meters.counter(
        "zonecast.records.applied",
        "Sets and deletes of live records that nodes have acknowledged.",
        figures,
        SinkFigures::applied);
    meters.counter(
        "zonecast.dead.letters",
        "Records put aside because they can never be applied.",
        figures,
        SinkFigures::deadLetters);
    meters.gauge(
        "zonecast.dead.lettered.ratio",
        "Share of the last minute's records, live and filled, that were dead-lettered.",
        lastMinute::deadLetteredShare);
    figures.batches().bindTo(registry);
    figures.delays().bindTo(registry);
  }
}
