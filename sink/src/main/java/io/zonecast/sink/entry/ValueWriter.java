package io.zonecast.sink.entry;

import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.Utf8Slice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/** Writes an entry's value into a buffer, which the next row reuses. For one thread. */
final class ValueWriter {
  private final ValueFormat format;
  private byte[] buffer = new byte[256];
  private int length;

  ValueWriter(ValueFormat format) {
    this.format = format;
  }

  /**
   * @param row the row as decoded from {@code value}
   * @param value the record's own bytes
   */
  void write(RowFields row, ByteBuffer value) {
    length = 0;
    switch (format) {
      case ZONE -> append(row.zone());
      case JSON -> writeJson(row);
      case AVRO -> {
        length = value.remaining();
        ensure(0);
        value.get(value.position(), buffer, 0, length);
      }
    }
  }

  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  // The decoder accepts only printable ASCII, so JSON needs only two characters escaped.
  private void writeJson(RowFields row) {
    string("{\"carrier\":", row.carrier());
    string(",\"origin\":", row.origin());
    string(",\"destination\":", row.destination());
    string(",\"zone\":", row.zone());
    if (!row.flags().isNull()) {
      string(",\"flags\":", row.flags());
    }
    if (row.dated()) {
      append(",\"effectiveDate\":\"" + LocalDate.ofEpochDay(row.effectiveEpochDay()) + '"');
    }
    append("}");
  }

  private void string(String before, Utf8Slice text) {
    append(before);
    append("\"");
    byte[] from = text.array();
    for (int i = text.offset(); i < text.offset() + text.length(); i++) {
      ensure(2);
      if (from[i] == '"' || from[i] == '\\') {
        buffer[length++] = '\\';
      }
      buffer[length++] = from[i];
    }
    append("\"");
  }

  private void append(Utf8Slice text) {
    ensure(text.length());
    System.arraycopy(text.array(), text.offset(), buffer, length, text.length());
    length += text.length();
  }

  private void append(String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void ensure(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
