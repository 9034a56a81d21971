package io.zonecast.schemas.registry;

import org.apache.kafka.common.errors.SerializationException;

/** A schema that the registry will not take, by the compatibility level of its subject. */
public final class IncompatibleSchemaException extends SerializationException {
  private static final long serialVersionUID = 1L;

  public IncompatibleSchemaException(String message) {
    super(message);
  }
}
