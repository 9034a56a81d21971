package io.zonecast.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/**
 * Holds back what Kafka's clients log of a login or a right that was refused: it ends the command,
 * or holds a partition, and our own line says so and what to do about it.
 */
final class SaidAnywayFilter extends Filter<ILoggingEvent> {
  private static final String CLIENTS = "org.apache.kafka.clients.";
  private static final List<String> SAID_ANYWAY =
      List.of(
          "failed authentication due to",
          "Fatal error during metadata update",
          "uthorization failed",
          "Not authorized to",
          "failed due to fatal error");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    // The whole message: Kafka's clients put it together themselves.
    String message = event.getMessage();
    boolean said =
        message != null
            && event.getLevel().isGreaterOrEqual(Level.WARN)
            && event.getLoggerName().startsWith(CLIENTS)
            && SAID_ANYWAY.stream().anyMatch(message::contains);
    return said ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
