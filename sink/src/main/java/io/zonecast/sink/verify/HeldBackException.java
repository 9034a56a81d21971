package io.zonecast.sink.verify;

/** The topic could not be read to the high watermark: an open transaction never ended. */
public final class HeldBackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  HeldBackException(String message) {
    super(message);
  }
}
