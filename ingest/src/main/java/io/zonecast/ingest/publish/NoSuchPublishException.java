package io.zonecast.ingest.publish;

/**
 * A publish that the log of publishes does not hold, or that was to a topic that is no longer
 * there. The message says what the log holds.
 */
public final class NoSuchPublishException extends Exception {
  private static final long serialVersionUID = 1L;

  NoSuchPublishException(String message) {
    super(message);
  }
}
