package io.zonecast.schemas.wire;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneText;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one row, as slices of the bytes that they were read from: what a {@link RowDecoder}
 * fills and a {@link RowEncoder} reads. A flyweight: each {@link RowDecoder#decode} overwrites it,
 * and its slices are valid until then. Not thread-safe.
 */
public final class RowFields {
  private final Utf8Slice carrier = new Utf8Slice();
  private final Utf8Slice origin = new Utf8Slice();
  private final Utf8Slice destination = new Utf8Slice();
  private final Utf8Slice zone = new Utf8Slice();
  private final Utf8Slice flags = new Utf8Slice();
  private boolean dated;
  private int effectiveEpochDay;

  public Utf8Slice carrier() {
    return carrier;
  }

  public Utf8Slice origin() {
    return origin;
  }

  public Utf8Slice destination() {
    return destination;
  }

  public Utf8Slice zone() {
    return zone;
  }

  /** The carrier's marks; {@linkplain Utf8Slice#isNull() null} where there are none. */
  public Utf8Slice flags() {
    return flags;
  }

  /** Whether the row says from when it applies. */
  public boolean dated() {
    return dated;
  }

  /** The first day on which the zone applies, in days since 1970-01-01; 0 if not {@link #dated}. */
  public int effectiveEpochDay() {
    return effectiveEpochDay;
  }

  public void date(int epochDay) {
    dated = true;
    effectiveEpochDay = epochDay;
  }

  public void undated() {
    dated = false;
    effectiveEpochDay = 0;
  }

  /** Points carrier, origin and destination at the parts of a valid key. */
  public void pointAtKey(byte[] key) {
    int originAt = partAfter(key, 0);
    int destinationAt = partAfter(key, originAt);
    carrier.set(key, 0, originAt - 1);
    origin.set(key, originAt, destinationAt - 1 - originAt);
    destination.set(key, destinationAt, key.length - destinationAt);
  }

  private static int partAfter(byte[] key, int at) {
    int end = at;
    while (key[end] != ':') {
      end++;
    }
    return end + 1;
  }

  /** Takes the fields of {@code row}. */
  public void set(ZoneRow row) {
    carrier.set(row.getCarrier());
    origin.set(row.getOrigin());
    destination.set(row.getDestination());
    zone.set(row.getZone());
    String marks = row.getFlags();
    if (marks == null) {
      flags.setNull();
    } else {
      flags.set(marks);
    }
    LocalDate effective = row.getEffectiveDate();
    if (effective == null) {
      undated();
    } else {
      date(Math.toIntExact(effective.toEpochDay()));
    }
  }

  /** Returns the fields as an object of its own. */
  public ZoneRow toZoneRow() {
    return new ZoneRow(
        carrier.toString(),
        origin.toString(),
        destination.toString(),
        zone.toString(),
        flags.isNull() ? null : flags.toString(),
        dated ? LocalDate.ofEpochDay(effectiveEpochDay) : null);
  }

  /**
   * Whether this is the row of a key: its carrier, origin and destination are the key's, {@code
   * carrier:origin:destination}. Allocates nothing.
   */
  public boolean isRowOf(byte[] key, int offset, int length) {
    int originAt = offset + carrier.length() + 1;
    int destinationAt = originAt + origin.length() + 1;
    return offset + length == destinationAt + destination.length()
        && key[originAt - 1] == ':'
        && key[destinationAt - 1] == ':'
        && carrier.equalsAt(key, offset)
        && origin.equalsAt(key, originAt)
        && destination.equalsAt(key, destinationAt);
  }

  /**
   * Says which field breaks which rule, or null if none does. What passes here can be written to a
   * cache, a log or a header as it is.
   */
  public @Nullable String problem() {
    if (!ZoneKey.isCarrier(carrier.array(), carrier.offset(), carrier.length())) {
      return describe("carrier", carrier, ZoneKey.PART_RULE + ", in lower case");
    }
    if (!ZoneKey.isPlace(origin.array(), origin.offset(), origin.length())) {
      return describe("origin", origin, ZoneKey.PART_RULE);
    }
    if (!ZoneKey.isPlace(destination.array(), destination.offset(), destination.length())) {
      return describe("destination", destination, ZoneKey.PART_RULE);
    }
    if (!ZoneText.isValid(zone.array(), zone.offset(), zone.length())) {
      return describe("zone", zone, ZoneText.RULE);
    }
    if (!flags.isNull() && !ZoneText.isValid(flags.array(), flags.offset(), flags.length())) {
      return describe("flags", flags, ZoneText.RULE);
    }
    return null;
  }

  private static String describe(String field, Utf8Slice text, String rule) {
    String found =
        text.isNull() ? "null" : ZoneText.quote(text.array(), text.offset(), text.length());
    return field + " " + found + " is not " + rule;
  }
}
