package io.zonecast.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning of a library through once in ten seconds. Kafka's clients warn at each attempt to
 * connect, twenty times a second, that a broker is not there. Our own lines always pass.
 */
final class RepeatFilter extends TurboFilter {
  private static final Duration ONCE_IN = Duration.ofSeconds(10);

  /** Bounds the memory; a library has far fewer messages. */
  private static final int MOST_REMEMBERED = 1_000;

  private final LongSupplier nanoClock;
  private final ConcurrentMap<String, Long> lastNanos = new ConcurrentHashMap<>();

  RepeatFilter(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable thrown) {
    if (format == null
        || level.toInt() < Level.WARN_INT
        || logger.getName().startsWith("io.zonecast")
        || !logger.isEnabledFor(level)) {
      return FilterReply.NEUTRAL;
    }
    long now = nanoClock.getAsLong();
    String message = logger.getName() + '\n' + format;
    Long last = lastNanos.get(message);
    if (last != null && now - last < ONCE_IN.toNanos()) {
      return FilterReply.DENY;
    }
    if (lastNanos.size() >= MOST_REMEMBERED) {
      lastNanos.clear();
    }
    lastNanos.put(message, now);
    return FilterReply.NEUTRAL;
  }
}
