package io.zonecast.ingest.stream;

import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Where the record that is being processed lies. */
final class RecordLocation {
  private RecordLocation() {}

  static RecordMetadata of(ProcessingContext context) {
    return context
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("no record is being processed"));
  }
}
