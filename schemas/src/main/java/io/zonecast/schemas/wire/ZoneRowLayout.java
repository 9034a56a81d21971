package io.zonecast.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Version {@value #VERSION} of the bundled schema as bytes, read by hand: nothing is allocated and
 * nothing copied. Every length is held against the bytes that are there before it is believed.
 */
final class ZoneRowLayout implements BodyReader {
  /** Which bundled version this is; {@link ZoneRowEncoder} writes the same. */
  static final int VERSION = 1;

  /** Avro's zigzag for index 0 of the unions with null, and for index 1. */
  static final byte NULL_BRANCH = 0;

  static final byte VALUE_BRANCH = 2;

  private static final int MAX_INT_BYTES = 5;
  private static final int MAX_LONG_BYTES = 10;

  private byte[] bytes = {};
  private int at;
  private int end;

  /** Whether {@code writer} lays its bytes out like this, whatever its documentation says. */
  static boolean fits(Schema writer, BundledSchemas bundle) {
    return SchemaNormalization.toParsingForm(writer)
        .equals(SchemaNormalization.toParsingForm(bundle.version(VERSION)));
  }

  @Override
  public void read(byte[] value, int start, int limit, RowFields into) {
    bytes = value;
    at = start;
    end = limit;
    readString("carrier", into.carrier());
    readString("origin", into.origin());
    readString("destination", into.destination());
    readString("zone", into.zone());
    if (readBranch("flags")) {
      readString("flags", into.flags());
    } else {
      into.flags().setNull();
    }
    if (readBranch("effectiveDate")) {
      into.date(readInt("effectiveDate"));
    } else {
      into.undated();
    }
    if (at != end) {
      throw new UndecodableValueException(
          (end - at) + " bytes are left over after the last field of the row");
    }
  }

  private void readString(String field, Utf8Slice into) {
    long length = readLong(field);
    if (length < 0 || length > end - at) {
      throw new UndecodableValueException(
          "field %s claims %s bytes of text where %s are left of the value"
              .formatted(field, length, end - at));
    }
    into.set(bytes, at, (int) length);
    at += (int) length;
  }

  private boolean readBranch(String field) {
    int branch = readInt(field);
    if (branch < 0 || branch > 1) {
      throw new UndecodableValueException(
          "field " + field + " is of union branch " + branch + " where there are 0 and 1");
    }
    return branch == 1;
  }

  private int readInt(String field) {
    int zigZag = 0;
    for (int i = 0; i < MAX_INT_BYTES; i++) {
      byte b = next(field);
      zigZag |= (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return (zigZag >>> 1) ^ -(zigZag & 1);
      }
    }
    throw new UndecodableValueException("field " + field + " has an int of more than 5 bytes");
  }

  private long readLong(String field) {
    long zigZag = 0;
    for (int i = 0; i < MAX_LONG_BYTES; i++) {
      byte b = next(field);
      zigZag |= (b & 0x7fL) << (7 * i);
      if (b >= 0) {
        return (zigZag >>> 1) ^ -(zigZag & 1);
      }
    }
    throw new UndecodableValueException("field " + field + " has a long of more than 10 bytes");
  }

  private byte next(String field) {
    if (at == end) {
      throw new UndecodableValueException("the value ends inside field " + field);
    }
    return bytes[at++];
  }

  @Override
  public String toString() {
    return "the bundled layout";
  }
}
