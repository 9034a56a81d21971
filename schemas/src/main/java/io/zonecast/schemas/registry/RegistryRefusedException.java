package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.RegistryUnavailableException;

/**
 * A schema registry that answers, and lets no one in: the same question asked again gets the same
 * answer until someone changes a setting, which the message names.
 */
public final class RegistryRefusedException extends RegistryUnavailableException {
  private static final long serialVersionUID = 1L;

  public RegistryRefusedException(String message) {
    super(message);
  }
}
