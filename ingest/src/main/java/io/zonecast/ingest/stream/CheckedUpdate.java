package io.zonecast.ingest.stream;

import io.zonecast.schemas.wire.RowFields;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** An update that keeps every rule: on its way to the table, unless it changes nothing there. */
final class CheckedUpdate implements UpdateVerdict {
  private final UpdateHeader header;
  private final Bytes key;
  private final @Nullable RowFields row;
  private final byte[] value;

  /**
   * @param row what the key gets; null: nothing, it is deleted
   * @param value the update as it was read, for a later step that rejects it
   */
  CheckedUpdate(UpdateHeader header, Bytes key, @Nullable RowFields row, byte[] value) {
    this.header = header;
    this.key = key;
    this.row = row;
    this.value = value;
  }

  UpdateHeader header() {
    return header;
  }

  Bytes key() {
    return key;
  }

  @Nullable RowFields row() {
    return row;
  }

  /** The same update, refused after all. */
  RejectedUpdate rejected(String reason) {
    return new RejectedUpdate(reason, value);
  }
}
