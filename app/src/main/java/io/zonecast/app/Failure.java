package io.zonecast.app;

import io.zonecast.app.command.NewTopicOption.SimilarTopicException;
import io.zonecast.app.settings.SettingsException;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.OneLine;
import io.zonecast.app.trust.KafkaAccess;
import io.zonecast.ingest.publish.NoSuchPublishException;
import io.zonecast.ingest.source.FileSettingsException;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.registry.IncompatibleSchemaException;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.owner.NotOurNodeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Says an exception to the user: lines that each name the thing, its value and the remedy.
 * Exceptions of our own modules carry such a message; those of Kafka's clients are translated here.
 */
record Failure(int exitCode, List<String> lines) {
  Failure {
    lines = List.copyOf(lines);
  }

  private static Failure failed(String line) {
    return new Failure(ExitCode.FAILED, List.of(line));
  }

  private static Failure misfit(String line) {
    return new Failure(ExitCode.USAGE, List.of(line));
  }

  /**
   * @param access what the command was told of Kafka, for the messages
   */
  static Failure of(Throwable thrown, KafkaAccess access) {
    if (thrown instanceof SettingsException settings) {
      return new Failure(ExitCode.USAGE, settings.problems());
    }
    String refusal = access.refusal(thrown);
    Throwable cause = unwrapped(thrown);
    String said = oneLine(cause);
    if (refusal != null) {
      // A topic that is not there and may not be made: the line has the command that makes it.
      return failed(saysHowToMakeIt(cause) ? said : refusal);
    }
    if (cause instanceof FileSettingsException
        || cause instanceof TopicUnfitException
        || cause instanceof SettingsDifferException
        || cause instanceof NotOurNodeException) {
      return misfit(said);
    }
    if (cause instanceof ConfigException || cause instanceof InvalidConfigurationException) {
      return said.contains("bootstrap")
          ? misfit(
              "--bootstrap-servers \"%s\": %s; give host:port of a broker that can be resolved"
                  .formatted(access.bootstrapServers(), said))
          : misfit(
              "a setting of the Kafka clients does not fit: " + said + "; mend it in --config");
    }
    if (cause instanceof RegistryUnavailableException) {
      // Where the setting comes from is this command's business.
      return failed(said.replace("schema.registry.url", "--schema-registry-url"));
    }
    if (cause instanceof IncompatibleSchemaException
        || cause instanceof NoSuchPublishException
        || cause instanceof SimilarTopicException) {
      return new Failure(ExitCode.ANSWER_IS_NO, List.of(said));
    }
    if (cause instanceof TimeoutException) {
      return failed(
          ("Kafka at %s: no answer in time (%s); is the broker up, --bootstrap-servers right, and"
                  + " kafka.security.protocol (%s) what the listener wants?")
              .formatted(access.bootstrapServers(), said, access.protocol()));
    }
    if (cause instanceof NoSuchFileException missing) {
      return failed(missing.getFile() + ": there is no such file; check the path");
    }
    if (cause instanceof AccessDeniedException denied) {
      return failed(denied.getFile() + ": may not be read or written; check its permissions");
    }
    return failed(said);
  }

  private static boolean saysHowToMakeIt(Throwable cause) {
    return cause instanceof TopicUnfitException && oneLine(cause).contains(" --create ");
  }

  /** Kafka says what is wrong in the innermost of the exceptions that only say where. */
  private static Throwable unwrapped(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null && saysOnlyWhere(at)) {
      at = at.getCause();
    }
    return at;
  }

  private static boolean saysOnlyWhere(Throwable thrown) {
    return thrown instanceof ExecutionException
        || thrown instanceof CompletionException
        || thrown.getClass() == KafkaException.class
        || thrown.getClass() == RuntimeException.class
        || thrown instanceof java.io.UncheckedIOException;
  }

  private static String oneLine(Throwable thrown) {
    String line = OneLine.of(thrown);
    String message = thrown.getMessage();
    boolean silent = message == null || message.isBlank();
    if (isOurMistake(thrown)
        || (silent && !(thrown instanceof IOException) && !(thrown instanceof KafkaException))) {
      return "unexpected %s; run again with --verbose and report what it prints"
          .formatted(silent ? line : thrown.getClass().getSimpleName() + " (" + line + ")");
    }
    return line;
  }

  /** Such a message is the Java platform's, and speaks of the program, not of what it was given. */
  private static boolean isOurMistake(Throwable thrown) {
    return thrown instanceof NullPointerException
        || thrown instanceof IndexOutOfBoundsException
        || thrown instanceof ClassCastException
        || thrown instanceof ArithmeticException
        || thrown instanceof NoSuchElementException
        || thrown instanceof ConcurrentModificationException;
  }
}
