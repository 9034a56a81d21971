package io.zonecast.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Holds back what Kafka's clients log of a login or a right that was refused: it ends the command,
 * or holds a partition, and our own line says so and what to do about it.
 */
final class SaidAnywayFilter extends TurboFilter {
  private static final String CLIENTS = "org.apache.kafka.clients.";
  private static final List<String> SAID_ANYWAY =
      List.of(
          "failed authentication due to",
          "Fatal error during metadata update",
          "uthorization failed",
          "Not authorized to",
          "failed due to fatal error");

  /**
   * @param format the whole message: Kafka's clients put it together themselves
   */
  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable thrown) {
    boolean said =
        format != null
            && level.isGreaterOrEqual(Level.WARN)
            && logger.getName().startsWith(CLIENTS)
            && SAID_ANYWAY.stream().anyMatch(format::contains);
    return said ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
