package io.zonecast.schemas.wire;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Rows of any other writer's schema, resolved to the bundled one by Avro's rules. */
final class ResolvedBody implements BodyReader {
  private final String writerName;
  private final GenericDatumReader<GenericRecord> reader;
  private @Nullable BinaryDecoder decoder;
  private @Nullable GenericRecord row;

  ResolvedBody(Schema writer, Schema bundled) {
    this.writerName = writer.getFullName();
    // A GenericData of its own: conversions that others register globally would change the types.
    this.reader = new GenericDatumReader<>(writer, bundled, new GenericData());
  }

  @Override
  public void read(byte[] bytes, int start, int end, RowFields into) {
    try {
      decoder = DecoderFactory.get().binaryDecoder(bytes, start, end - start, decoder);
      row = reader.read(row, decoder);
      if (!decoder.isEnd()) {
        throw new UndecodableValueException("bytes are left over after the row");
      }
      into.carrier().setText(field("carrier"));
      into.origin().setText(field("origin"));
      into.destination().setText(field("destination"));
      into.zone().setText(field("zone"));
      into.flags().setText(field("flags"));
      if (field("effectiveDate") instanceof Integer epochDay) {
        into.date(epochDay);
      } else {
        into.undated();
      }
    } catch (UndecodableValueException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Avro answers bytes that do not fit with nearly any exception, and a schema that contains
      // itself with a recursion as deep as the bytes ask for.
      throw new UndecodableValueException(
          "the bytes, written as " + writerName + ", cannot be read as a ZoneRow: " + e, e);
    }
  }

  /** A field that the bundled schema no longer has is one without a value. */
  private @Nullable Object field(String name) {
    return row == null || !row.hasField(name) ? null : row.get(name);
  }

  @Override
  public String toString() {
    return "Avro's resolution of " + writerName;
  }
}
