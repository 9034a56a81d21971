package io.zonecast.schemas.wire;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** A schema id that neither the bundle nor a registry knows (yet): wait, the record is not bad. */
public final class UnknownSchemaIdException extends SerializationException {
  private static final long serialVersionUID = 1L;

  private final int schemaId;

  public UnknownSchemaIdException(int schemaId, String message) {
    this(schemaId, message, null);
  }

  public UnknownSchemaIdException(int schemaId, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.schemaId = schemaId;
  }

  public int schemaId() {
    return schemaId;
  }
}
