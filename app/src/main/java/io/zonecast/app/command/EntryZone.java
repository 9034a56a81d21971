package io.zonecast.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.schemas.ZoneText;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.sink.cache.VersionedEntry;
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

  /**
   * @throws IOException if there is no zone in it: anybody can write to the cache, and what was
   *     written is not to reach a terminal as it is
   */
  String of(VersionedEntry.Present entry) throws IOException {
    String zone =
        switch (format) {
          case ZONE -> entry.text();
          case JSON -> ofJson(entry);
          case AVRO -> ofAvro(entry);
        };
    if (!ZoneText.isValid(zone)) {
      throw new IOException(
          "entry %s: no zone, %s; is --value-format right?"
              .formatted(entry.key(), ZoneText.quote(zone)));
    }
    return zone;
  }

  private static String ofJson(VersionedEntry.Present entry) throws IOException {
    JsonNode zone;
    try {
      zone = new ObjectMapper().readTree(entry.value()).path("zone");
    } catch (JsonProcessingException e) {
      throw new IOException(
          "entry %s: no JSON, %s; is --value-format right?"
              .formatted(entry.key(), ZoneText.quote(entry.text())),
          e);
    }
    if (!zone.isTextual()) {
      throw new IOException(
          "entry %s: no zone in its JSON, %s; is --value-format right?"
              .formatted(entry.key(), ZoneText.quote(entry.text())));
    }
    return zone.textValue();
  }

  private String ofAvro(VersionedEntry.Present entry) {
    RowFields row = new RowFields();
    RowSerdes.decoder(common.kafka().consumer(), common.topic())
        .decode(ByteBuffer.wrap(entry.value()), row);
    return row.zone().toString();
  }
}
