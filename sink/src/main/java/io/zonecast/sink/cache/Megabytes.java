package io.zonecast.sink.cache;

/** Memory as {@code -m} counts it. */
final class Megabytes {
  private Megabytes() {}

  /** What has to be given at least. */
  static long of(long neededBytes) {
    return (neededBytes + (1L << 20) - 1) >> 20;
  }

  /** What to give, so that there is a tenth to spare. */
  static long toGive(long neededBytes) {
    return (of(neededBytes) * 11 + 9) / 10;
  }
}
