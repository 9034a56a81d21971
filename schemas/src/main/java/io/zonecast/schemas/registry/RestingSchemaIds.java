package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a registry in peace for a while after it failed, or did not know an id, and answers with
 * the same failure at once. For callers that ask again by themselves and must not be held up: a
 * poll loop asks for each waiting partition at every turn.
 */
public final class RestingSchemaIds implements SchemaIds {
  private final SchemaIds source;
  private final Duration rest;
  private final LongSupplier nanoTime;
  private final Map<Integer, Failure> unknownIds = new ConcurrentHashMap<>();
  private volatile @Nullable Failure outOfReach;

  /**
   * Makes a source that rests.
   *
   * @param rest for how long a failure stands
   */
  public RestingSchemaIds(SchemaIds source, Duration rest) {
    this(source, rest, System::nanoTime);
  }

  RestingSchemaIds(SchemaIds source, Duration rest, LongSupplier nanoTime) {
    this.source = source;
    this.rest = rest;
    this.nanoTime = nanoTime;
  }

  @Override
  public Schema schemaOf(int id) {
    Failure unknown = unknownIds.get(id);
    if (unknown != null && isFresh(unknown)) {
      throw unknown.exception();
    }
    try {
      Schema schema = awake(() -> source.schemaOf(id));
      unknownIds.remove(id);
      return schema;
    } catch (UnknownSchemaIdException e) {
      unknownIds.values().removeIf(failure -> !isFresh(failure));
      unknownIds.put(id, new Failure(e, nanoTime.getAsLong()));
      throw e;
    }
  }

  @Override
  public int idOf(String topic, Schema schema) {
    return awake(() -> source.idOf(topic, schema));
  }

  private <T> T awake(Supplier<T> question) {
    Failure last = outOfReach;
    if (last != null && isFresh(last)) {
      throw last.exception();
    }
    try {
      return question.get();
    } catch (RegistryUnavailableException e) {
      outOfReach = new Failure(e, nanoTime.getAsLong());
      throw e;
    }
  }

  private boolean isFresh(Failure failure) {
    return nanoTime.getAsLong() - failure.nanoTime() < rest.toNanos();
  }

  @Override
  public String toString() {
    return source + ", asked at most every " + rest.toMillis() + " ms while it fails";
  }

  private record Failure(RuntimeException exception, long nanoTime) {}
}
