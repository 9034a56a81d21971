package io.zonecast.sink.lag;

/** There is no such group or topic to be behind; the message says what to do. */
public final class LagUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LagUnknownException(String message) {
    super(message);
  }
}
