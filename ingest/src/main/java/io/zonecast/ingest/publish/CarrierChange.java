package io.zonecast.ingest.publish;

import java.util.List;

/**
 * What a file means for one of the carriers that it covers.
 *
 * @param origins those that the file covers; empty if all
 * @param rowsInTopic how many rows of the carrier, from these origins, the topic has now
 * @param changed how many of them would have another zone or other flags
 * @param removed how many of them would go
 * @param removalsWithheld whether rows of the carrier that are not in the file are left alone: a
 *     bad row of the file, whose key cannot be read, may be any of them
 * @param allZipsRemoved how many rows to destinations of five digits would go, if none would be
 *     left; otherwise 0
 */
public record CarrierChange(
    String carrier,
    List<String> origins,
    long rowsInTopic,
    long changed,
    long removed,
    boolean removalsWithheld,
    long allZipsRemoved) {
  private static final int NAMED = 3;

  public CarrierChange {
    origins = List.copyOf(origins);
  }

  /** The carrier, and the origins if it is not the whole of it, for a sentence. */
  public String name() {
    if (origins.isEmpty()) {
      return carrier;
    }
    String first = String.join(", ", origins.subList(0, Math.min(NAMED, origins.size())));
    return carrier
        + " from "
        + first
        + (origins.size() > NAMED ? " and %d others".formatted(origins.size() - NAMED) : "");
  }
}
