package io.zonecast.ingest.stream;

import org.jspecify.annotations.Nullable;

/** An update that will not be applied. */
final class RejectedUpdate implements UpdateVerdict {
  private final String reason;
  private final byte @Nullable [] value;

  /**
   * @param reason what is wrong with it, and what would be right
   * @param value as it was read
   */
  RejectedUpdate(String reason, byte @Nullable [] value) {
    this.reason = reason;
    this.value = value;
  }

  String reason() {
    return reason;
  }

  byte @Nullable [] value() {
    return value;
  }
}
