package io.zonecast.ingest.source;

/** Tells whose codes look like ranges and are names, as the postal code 135-080 is in Korea. */
@FunctionalInterface
public interface RangeNames {
  /** Where nothing is known: each range is one. */
  RangeNames NONE = carrier -> false;

  /** Whether the topic has such codes of this carrier. May wait until the topic has been read. */
  boolean has(String carrier);
}
