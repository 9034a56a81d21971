package io.zonecast.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Logging by code rather than by a file: reading one takes logback a tenth of a second, at each
 * start of a command that is to answer at once. Found by logback through {@code META-INF/services}.
 *
 * <p>A command that answers and ends is silent but for our own warnings: what Kafka's and the
 * cache's clients warn of, the command itself says in one line. One that stays ({@code sink}) logs
 * our state changes and the clients' warnings, with times.
 */
public final class Logs extends ContextAwareBase implements Configurator {
  private static final String OURS = "io.zonecast";

  private static final List<String> KAFKA_SETTINGS =
      List.of("admin.AdminClientConfig", "consumer.ConsumerConfig", "producer.ProducerConfig");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    write(context, "%level: %msg%n%nopexception", List.of(new SaidAnywayFilter()));
    quietLibraries(context, Level.OFF);
    context.getLogger(OURS).setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Switches to what suits a process that stays and whose log is read later; says no less than
   * {@link #verbose} where that was asked for.
   */
  public static void ofService() {
    LoggerContext context = context();
    if (context.getLogger(OURS).isDebugEnabled()) {
      return;
    }
    write(
        context,
        "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n%nopexception",
        List.of(new SaidAnywayFilter()));
    quietLibraries(context, Level.WARN);
    context.getLogger(OURS).setLevel(Level.INFO);
  }

  /** Says nothing at all: for a command that breaks things on purpose. */
  public static void silent() {
    quietLibraries(context(), Level.OFF);
    context().getLogger(OURS).setLevel(Level.OFF);
  }

  /** Adds what {@code --verbose} asks for: the clients' own story, and stack traces. */
  public static void verbose() {
    LoggerContext context = context();
    write(context, "%d{HH:mm:ss.SSS} %-5level [%thread] %logger{24}: %msg%n%exception", List.of());
    quietLibraries(context, Level.INFO);
    for (String settings : KAFKA_SETTINGS) {
      // A hundred lines for each client, and none of them news.
      context.getLogger("org.apache.kafka.clients." + settings).setLevel(Level.WARN);
    }
    context.getLogger("org.apache.kafka.streams.StreamsConfig").setLevel(Level.WARN);
    context.getLogger(OURS).setLevel(Level.DEBUG);
  }

  private static LoggerContext context() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      return context;
    }
    throw new IllegalStateException(
        "logging is bound to " + factory.getClass() + "; take other SLF4J backends off ext/");
  }

  private static void quietLibraries(LoggerContext context, Level level) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    // It logs each attempt to reach a node that is down; the sink says so once a state change.
    Level xmemcached = level == Level.WARN ? Level.OFF : level;
    context.getLogger("net.rubyeye.xmemcached").setLevel(xmemcached);
    context.getLogger("com.google.code.yanf4j").setLevel(xmemcached);
  }

  private static void write(
      LoggerContext context, String pattern, List<Filter<ILoggingEvent>> further) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.addFilter(new RepeatFilter(System::nanoTime));
    further.forEach(appender::addFilter);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
  }
}
