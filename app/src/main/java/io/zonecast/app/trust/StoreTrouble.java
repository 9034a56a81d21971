package io.zonecast.app.trust;

import io.zonecast.app.terminal.OneLine;
import org.jspecify.annotations.Nullable;

/** A key store or trust store of ours that cannot be used. */
final class StoreTrouble {
  /** How Kafka's clients begin; the file follows. */
  private static final String NOT_LOADED = "Failed to load SSL keystore ";

  private final KafkaAccess access;

  StoreTrouble(KafkaAccess access) {
    this.access = access;
  }

  static boolean isAt(Throwable thrown) {
    String message = thrown.getMessage();
    return message != null && message.startsWith(NOT_LOADED);
  }

  String line(Throwable thrown) {
    String said = String.valueOf(thrown.getMessage());
    // Kafka says "keystore" of both.
    String trusted = access.setting("ssl.truststore.location");
    boolean ofTrust = !trusted.isEmpty() && said.contains(trusted);
    String kind = ofTrust ? "kafka.ssl.truststore" : "kafka.ssl.keystore";
    String file = ofTrust ? trusted : access.setting("ssl.keystore.location");
    return "%s.location %s: cannot be opened (%s); check it, %s.password and %s.type %s"
        .formatted(kind, file, reason(thrown.getCause(), said), kind, kind, access.inFile());
  }

  private static String reason(@Nullable Throwable cause, String otherwise) {
    if (cause == null || cause.getMessage() == null) {
      return otherwise;
    }
    return OneLine.of(cause);
  }
}
