package io.zonecast.schemas.wire;

/**
 * The fields of one decoded row, as slices of the bytes that they were read from. A flyweight: each
 * {@link RowDecoder#decode} overwrites it, and its slices are valid until then. Not thread-safe.
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

  void date(int epochDay) {
    dated = true;
    effectiveEpochDay = epochDay;
  }

  void undated() {
    dated = false;
    effectiveEpochDay = 0;
  }
}
