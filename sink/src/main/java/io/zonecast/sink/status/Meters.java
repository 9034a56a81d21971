package io.zonecast.sink.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Registers meters with the same tags. */
record Meters(MeterRegistry registry, Tags tags) {
  Meters with(String tag, String value) {
    return new Meters(registry, tags.and(tag, value));
  }

  void gauge(String name, String help, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).description(help).tags(tags).register(registry);
  }

  void gauge(String name, String unit, String help, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble)
        .baseUnit(unit)
        .description(help)
        .tags(tags)
        .register(registry);
  }

  /** A gauge of 1 while something holds, and else of 0. */
  void flag(String name, String help, BooleanSupplier holds) {
    gauge(name, help, () -> holds.getAsBoolean() ? 1 : 0);
  }

  /**
   * @param of held weakly: to be kept by whoever registers
   */
  <T> void counter(String name, String help, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value).description(help).tags(tags).register(registry);
  }

  /** What is not known is NaN, never 0. */
  static double seconds(@Nullable Duration time) {
    return time == null ? Double.NaN : time.toMillis() / 1e3;
  }
}
