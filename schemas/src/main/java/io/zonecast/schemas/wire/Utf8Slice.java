package io.zonecast.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** A run of UTF-8 bytes inside an array of another owner; may be null. */
public final class Utf8Slice {
  private static final byte[] NONE = {};

  private byte[] array = NONE;
  private int offset;
  private int length = -1;

  /** The array that holds the bytes; never copied, never to be written to. */
  public byte[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  /** The number of bytes; 0 if the slice is null. */
  public int length() {
    return Math.max(length, 0);
  }

  /** Whether there is no value at all, which is not the same as an empty one. */
  public boolean isNull() {
    return length < 0;
  }

  /** Whether both are null, or have the same bytes. */
  public boolean sameAs(Utf8Slice other) {
    return length == other.length && equalsAt(other.array, other.offset);
  }

  /** Whether these are the bytes that {@code other} has from {@code at} on. */
  boolean equalsAt(byte[] other, int at) {
    return Arrays.equals(array, offset, offset + length(), other, at, at + length());
  }

  /** Points the slice at {@code length} bytes of {@code array}, which is not copied. */
  public void set(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  public void set(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    set(utf8, 0, utf8.length);
  }

  /** Takes a text as Avro gives it; not copied where it is UTF-8. */
  public void setText(@Nullable Object text) {
    if (text == null) {
      setNull();
    } else if (text instanceof Utf8 utf8) {
      set(utf8.getBytes(), 0, utf8.getByteLength());
    } else {
      set(text.toString());
    }
  }

  public void setNull() {
    set(NONE, 0, -1);
  }

  @Override
  public String toString() {
    return isNull() ? "null" : new String(array, offset, length, StandardCharsets.UTF_8);
  }
}
