package io.zonecast.schemas.serde;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the failure of a foreign deserializer means: the record is bad, or its reader must
 * wait. Known by Java's, Avro's and Kafka's exceptions alone, as causes of whatever the class
 * throws, so that nothing here depends on whose class it is.
 *
 * <p>The outermost cause that says something decides. A cause that no one knows waits: a record
 * that is held up can be seen and helped, one that is given up for bad is gone.
 */
final class ForeignFailure {
  private ForeignFailure() {}

  /** Returns the exception that leads where the same failure of our own classes leads. */
  static RuntimeException judge(int schemaId, String deserializer, Throwable failure) {
    String said = "schema id " + schemaId + ": " + deserializer + " says: " + wordsOf(failure);
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RegistryUnavailableException
          || t instanceof UnknownSchemaIdException
          || t instanceof UndecodableValueException
          || t instanceof InterruptException) {
        return (RuntimeException) t;
      }
      if (isOutOfReach(t)) {
        return new RegistryUnavailableException(said, failure);
      }
      if (isBadBytes(t)) {
        return new UndecodableValueException(said, failure);
      }
      if (!(t instanceof RuntimeException) && !(t instanceof Error)) {
        // A checked exception of its own: the answer of its registry, as that it knows no such id.
        return new UnknownSchemaIdException(schemaId, said, failure);
      }
    }
    // Nothing but its own word, as "Unknown magic byte!".
    return new UndecodableValueException(said, failure);
  }

  private static boolean isOutOfReach(Throwable t) {
    return t instanceof RetriableException
        || t instanceof AuthenticationException
        || t instanceof AuthorizationException
        || t instanceof InvalidConfigurationException
        || (t instanceof IOException && !(t instanceof EOFException));
  }

  private static boolean isBadBytes(Throwable t) {
    return t instanceof EOFException
        || t instanceof AvroRuntimeException
        || t instanceof BufferUnderflowException
        || t instanceof IndexOutOfBoundsException
        || t instanceof NegativeArraySizeException
        || t instanceof ClassCastException
        || t instanceof StackOverflowError;
  }

  /** All that it says: the outermost message most often only names what was being done. */
  static String wordsOf(Throwable failure) {
    StringBuilder words = new StringBuilder(String.valueOf(failure.getMessage()));
    for (@Nullable Throwable t = failure.getCause(); t != null; t = t.getCause()) {
      words.append(": ").append(t.getMessage() == null ? t.toString() : t.getMessage());
    }
    return words.toString();
  }
}
