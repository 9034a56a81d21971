package io.zonecast.ingest.publish;

import org.jspecify.annotations.Nullable;

/**
 * A publish that failed whole: nothing of it is in the topic. The message says why, and what to do.
 */
public class PublishException extends Exception {
  private static final long serialVersionUID = 1L;

  PublishException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
