package io.zonecast.bench.measure;

/**
 * One figure that a benchmark exists to find, with what was asked of it.
 *
 * @param atLeast true where the figure must not be below {@code limit}, false where not above it
 */
public record Finding(String name, double value, boolean atLeast, double limit) {

  public static Finding atLeast(String name, double value, double limit) {
    return new Finding(name, value, true, limit);
  }

  public static Finding atMost(String name, double value, double limit) {
    return new Finding(name, value, false, limit);
  }

  public boolean met() {
    return atLeast ? value >= limit : value <= limit;
  }
}
