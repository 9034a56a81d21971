package io.zonecast.ingest.stream;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.wire.UpdateEncoder;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Updates as tests need them. */
final class Updates {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final UpdateEncoder ENCODER =
      UpdateSerdes.encoder(Map.of(), ZoneTopic.updatesOf(ZoneTopic.DEFAULT_NAME));

  private Updates() {}

  /** An update that gives {@code key} this zone; null deletes it. */
  static ZoneUpdate of(String key, @Nullable String zone) {
    return of("u-" + NUMBER.incrementAndGet(), key, zone, NOON);
  }

  static ZoneUpdate of(String id, String key, @Nullable String zone, Instant requestedAt) {
    ZoneKey parts = ZoneKey.parse(key);
    return new ZoneUpdate(
        id,
        zone == null ? "delete" : "upsert",
        parts.carrier(),
        parts.origin(),
        parts.destination(),
        zone,
        null,
        null,
        "a test",
        requestedAt);
  }

  static byte[] encode(ZoneUpdate update) {
    return ENCODER.encode(update);
  }
}
