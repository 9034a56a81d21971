package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.SchemaIds;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import org.apache.avro.Schema;

/** Fails as told, then answers. */
final class FlakySchemaIds implements SchemaIds {
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private int questions;

  void failTimes(int times, RuntimeException failure) {
    failures.addAll(Collections.nCopies(times, failure));
  }

  int questions() {
    return questions;
  }

  @Override
  public Schema schemaOf(int id) {
    answer();
    return Schema.create(Schema.Type.STRING);
  }

  @Override
  public int idOf(String topic, Schema schema) {
    answer();
    return 1;
  }

  private void answer() {
    questions++;
    RuntimeException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
  }
}
