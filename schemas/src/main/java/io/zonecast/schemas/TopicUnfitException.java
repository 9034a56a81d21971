package io.zonecast.schemas;

import org.jspecify.annotations.Nullable;

/** A topic that is not what it must be, or cannot be made; the message says what to do about it. */
public final class TopicUnfitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopicUnfitException(String message) {
    super(message);
  }

  public TopicUnfitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
