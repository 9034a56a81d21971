package io.zonecast.ingest.stream;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.schemas.ZoneUpdate;
import java.time.Clock;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes updates: with an id of their own, the time of now, and who asks. */
public final class NewUpdates {
  private final String requestedBy;
  private final Clock clock;

  /**
   * @param requestedBy who asks, for people to read
   */
  public NewUpdates(String requestedBy, Clock clock) {
    this.requestedBy = requestedBy;
    this.clock = clock;
  }

  /** A new update that gives a pair this zone. */
  public ZoneUpdate upsert(
      String carrier,
      String origin,
      String destination,
      String zone,
      @Nullable String flags,
      @Nullable LocalDate effectiveDate) {
    return update(UpdateRules.UPSERT, carrier, origin, destination, zone, flags, effectiveDate);
  }

  /** A new update after which a pair has no zone. */
  public ZoneUpdate delete(String carrier, String origin, String destination) {
    return update(UpdateRules.DELETE, carrier, origin, destination, null, null, null);
  }

  /** A new update that asks for what a row of a file of changes says. */
  public ZoneUpdate of(RowChunk chunk, int row) {
    String[] key = chunk.keyText(row).split(":", -1);
    if (chunk.kind(row) == RowChunk.Kind.DELETE) {
      return delete(key[0], key[1], key[2]);
    }
    int day = chunk.effectiveEpochDay(row);
    return upsert(
        key[0],
        key[1],
        key[2],
        chunk.zoneText(row),
        chunk.flagsLength(row) == 0 ? null : chunk.flagsText(row),
        day == RowChunk.UNDATED ? null : LocalDate.ofEpochDay(day));
  }

  private ZoneUpdate update(
      String op,
      String carrier,
      String origin,
      String destination,
      @Nullable String zone,
      @Nullable String flags,
      @Nullable LocalDate effectiveDate) {
    return new ZoneUpdate(
        UUID.randomUUID().toString(),
        op,
        carrier,
        origin,
        destination,
        zone,
        flags,
        effectiveDate,
        requestedBy,
        clock.instant());
  }

  /** Says which rule an update breaks, in one line; null if none: then a stream takes it. */
  public static @Nullable String problem(ZoneUpdate update) {
    return UpdateRules.problem(update);
  }
}
