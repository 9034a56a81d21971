package io.zonecast.sink.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.zonecast.sink.SinkStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

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
    Gauge.builder("zonecast.sink.info", () -> 1)
        .description("What runs here; always 1.")
        .tags(what)
        .register(registry);
    gauge(
        registry,
        "zonecast.sink.ready",
        null,
        "1 while all that is this sink's own is in step, as /readyz says.",
        now -> readiness.check().ok() ? 1 : 0);
    gauge(
        registry,
        "zonecast.sink.joined",
        null,
        "1 once the group has said which partitions are this sink's.",
        now -> now.joined() ? 1 : 0);
    gauge(
        registry,
        "zonecast.sink.partitions",
        null,
        "Partitions that are this sink's own.",
        now -> now.partitions().size());
    gauge(
        registry,
        "zonecast.sink.partitions.waiting",
        null,
        "Partitions of this sink that are held up by a record which cannot be read yet.",
        now -> now.waiting().size());
    gauge(
        registry,
        "zonecast.sink.turn.age",
        "seconds",
        "How long ago the poll loop began its present turn.",
        now -> liveness.age().toMillis() / 1e3);
    counter(registry, "zonecast.records.polled", "Live records polled.", SinkFigures::polled);
    counter(
        registry,
        "zonecast.records.applied",
        "Sets and deletes of live records that nodes have acknowledged.",
        SinkFigures::applied);
    counter(
        registry,
        "zonecast.dead.letters",
        "Records put aside because they can never be applied.",
        SinkFigures::deadLetters);
    gauge(
        registry,
        "zonecast.dead.lettered.ratio",
        null,
        "Share of the last minute's records, live and filled, that were dead-lettered.",
        now -> lastMinute.deadLetteredShare());
    figures.batches().bindTo(registry);
    figures.delays().bindTo(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      @Nullable String unit,
      String help,
      ToDoubleFunction<SinkStatus> value) {
    Gauge.builder(name, () -> value.applyAsDouble(status.get()))
        .baseUnit(unit)
        .description(help)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String help, ToDoubleFunction<SinkFigures> value) {
    FunctionCounter.builder(name, figures, value).description(help).register(registry);
  }
}
