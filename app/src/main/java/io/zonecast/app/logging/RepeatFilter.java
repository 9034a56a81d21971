package io.zonecast.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Lets a warning of a library through once in ten seconds. Kafka's clients warn at each attempt to
 * connect, twenty times a second, that a broker is not there. Our own lines always pass.
 *
 * <p>It is asked about what would be written, not about every call as logback's turbo filters are:
 * Kafka Streams asks several times for each record whether it is to trace it.
 */
final class RepeatFilter extends Filter<ILoggingEvent> {
  private static final Duration ONCE_IN = Duration.ofSeconds(10);

  /** Bounds the memory; a library has far fewer messages. */
  private static final int MOST_REMEMBERED = 1_000;

  private final LongSupplier nanoClock;
  private final ConcurrentMap<String, Long> lastNanos = new ConcurrentHashMap<>();

  RepeatFilter(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getMessage() == null
        || !event.getLevel().isGreaterOrEqual(Level.WARN)
        || event.getLoggerName().startsWith("io.zonecast")) {
      return FilterReply.NEUTRAL;
    }
    long now = nanoClock.getAsLong();
    String message = event.getLoggerName() + '\n' + event.getMessage();
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
