package io.zonecast.sink.verify;

/** A repair that could do harm: nothing was changed. */
public final class RepairRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RepairRefusedException(String message) {
    super(message);
  }
}
