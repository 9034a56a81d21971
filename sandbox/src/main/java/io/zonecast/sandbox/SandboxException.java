package io.zonecast.sandbox;

import org.jspecify.annotations.Nullable;

/** A server of the sandbox could not be had or did not obey; the message names the remedy. */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SandboxException(String message) {
    super(message);
  }

  public SandboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
