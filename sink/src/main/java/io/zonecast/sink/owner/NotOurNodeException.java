package io.zonecast.sink.owner;

/** A node's entries belong to another or an unknown owner; nothing was changed. */
public final class NotOurNodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotOurNodeException(String message) {
    super(message);
  }
}
