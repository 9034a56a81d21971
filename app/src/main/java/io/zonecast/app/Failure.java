package io.zonecast.app;

import io.zonecast.app.settings.SettingsException;
import io.zonecast.ingest.source.FileSettingsException;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.registry.IncompatibleSchemaException;
import io.zonecast.sink.node.SettingsDifferException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * What the user is told of an exception: lines that each name the thing, its value and the remedy.
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
   * @param bootstrapServers what the command was told of Kafka, for the messages
   */
  static Failure of(Throwable thrown, String bootstrapServers) {
    if (thrown instanceof SettingsException settings) {
      return new Failure(ExitCode.USAGE, settings.problems());
    }
    Throwable cause = unwrapped(thrown);
    String said = oneLine(cause);
    if (cause instanceof FileSettingsException
        || cause instanceof TopicUnfitException
        || cause instanceof SettingsDifferException) {
      return misfit(said);
    }
    if (cause instanceof ConfigException) {
      return said.contains("bootstrap")
          ? misfit(
              "--bootstrap-servers \"%s\": %s; give host:port of a broker that can be resolved"
                  .formatted(bootstrapServers, said))
          : misfit(
              "a setting of the Kafka clients does not fit: " + said + "; mend it in --config");
    }
    if (cause instanceof SslAuthenticationException) {
      return failed(
          ("Kafka at %s: the TLS handshake failed (%s); check kafka.ssl.truststore.… and"
                  + " kafka.ssl.keystore.… in --config")
              .formatted(bootstrapServers, said));
    }
    if (cause instanceof SaslAuthenticationException) {
      return failed(
          ("Kafka at %s: the login was refused (%s); check kafka.sasl.mechanism and"
                  + " kafka.sasl.jaas.config in --config")
              .formatted(bootstrapServers, said));
    }
    if (cause instanceof AuthorizationException) {
      return failed(unauthorized(cause, said));
    }
    if (cause instanceof IncompatibleSchemaException) {
      return new Failure(ExitCode.ANSWER_IS_NO, List.of(said));
    }
    if (cause instanceof TimeoutException) {
      return failed(
          "Kafka at %s: no answer in time (%s); is the broker up, and --bootstrap-servers right?"
              .formatted(bootstrapServers, said));
    }
    if (cause instanceof NoSuchFileException missing) {
      return failed(missing.getFile() + ": there is no such file; check the path");
    }
    if (cause instanceof AccessDeniedException denied) {
      return failed(denied.getFile() + ": may not be read or written; check its permissions");
    }
    return failed(said);
  }

  private static String unauthorized(Throwable cause, String said) {
    if (cause instanceof TopicAuthorizationException topics) {
      return "Kafka refused access to the topic "
          + topics.unauthorizedTopics()
          + "; let an administrator grant this user READ, WRITE and DESCRIBE on it";
    }
    if (cause instanceof GroupAuthorizationException group) {
      return "Kafka refused access to the group "
          + group.groupId()
          + "; let an administrator grant this user READ on it";
    }
    if (cause instanceof TransactionalIdAuthorizationException) {
      return "Kafka refused the transactional id ("
          + said
          + "); let an administrator grant this user WRITE and DESCRIBE on it";
    }
    return "Kafka refused access (" + said + "); let an administrator grant it to this user";
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
    String message = thrown.getMessage();
    String line =
        message == null || message.isBlank()
            ? thrown.getClass().getSimpleName()
            : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    return thrown instanceof IOException || thrown instanceof KafkaException || message != null
        ? line
        : "unexpected " + line + "; run again with --verbose and report what it prints";
  }
}
