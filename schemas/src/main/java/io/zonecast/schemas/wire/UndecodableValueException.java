package io.zonecast.schemas.wire;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Bytes that are no zone row and never will be; the message says what was found. */
public final class UndecodableValueException extends SerializationException {
  private static final long serialVersionUID = 1L;

  public UndecodableValueException(String message) {
    super(message);
  }

  public UndecodableValueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
