package io.zonecast.ingest.publish;

import org.jspecify.annotations.Nullable;

/**
 * A publish that failed whole: nothing of it is in the topic, unless the brokers took its commit
 * and did not confirm it. Then all of it or nothing is there, which the message says, as it says
 * why it failed and what to do.
 */
public class PublishException extends Exception {
  private static final long serialVersionUID = 1L;

  PublishException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
