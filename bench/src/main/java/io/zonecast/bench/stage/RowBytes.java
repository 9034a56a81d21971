package io.zonecast.bench.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowEncoder;

/** Rows as records carry them, one at a time. Not thread-safe. */
public final class RowBytes {
  private final ZoneRowEncoder encoder;
  private final RowFields fields = new RowFields();

  public RowBytes() {
    this(BundledSchemas.load().latestId());
  }

  /** With another id for the same schema, as a registry gave it. */
  public RowBytes(int schemaId) {
    encoder = new ZoneRowEncoder(schemaId);
    fields.flags().setNull();
    fields.undated();
  }

  static byte[] key(String carrier, String origin, String destination) {
    return BenchTable.key(carrier, origin, destination).getBytes(US_ASCII);
  }

  /** A record's value; fresh at each call. */
  public byte[] value(String carrier, String origin, String destination, String zone) {
    fields.carrier().set(carrier);
    fields.origin().set(origin);
    fields.destination().set(destination);
    fields.zone().set(zone);
    return encoder.encode(fields);
  }

  byte[] value(ZoneKey key, String zone) {
    return value(key.carrier(), key.origin(), key.destination(), zone);
  }
}
