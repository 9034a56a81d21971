package io.zonecast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.entry.ValueFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the zone out of an entry, whatever form it has there. */
final class EntryZone {
  private final ValueFormat format;
  private final CommonOptions common;

  EntryZone(ValueFormat format, CommonOptions common) {
    this.format = format;
    this.common = common;
  }

  String of(CheckpointEntry.Present entry) throws IOException {
    return switch (format) {
      case ZONE -> entry.text();
      case JSON -> ofJson(entry);
      case AVRO -> ofAvro(entry);
    };
  }

  private static String ofJson(CheckpointEntry.Present entry) throws IOException {
    JsonNode zone = new ObjectMapper().readTree(entry.value()).path("zone");
    if (!zone.isTextual()) {
      throw new IOException(
          "entry %s: no zone in its JSON, %s; is --value-format right?"
              .formatted(entry.key(), entry.text()));
    }
    return zone.textValue();
  }

  private String ofAvro(CheckpointEntry.Present entry) {
    RowFields row = new RowFields();
    RowSerdes.decoder(common.kafka().consumer(), common.topic())
        .decode(ByteBuffer.wrap(entry.value()), row);
    return row.zone().toString();
  }
}
