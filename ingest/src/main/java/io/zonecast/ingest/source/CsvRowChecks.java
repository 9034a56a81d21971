package io.zonecast.ingest.source;

import static io.zonecast.ingest.source.CsvColumns.Column.CARRIER;
import static io.zonecast.ingest.source.CsvColumns.Column.DESTINATION;
import static io.zonecast.ingest.source.CsvColumns.Column.EFFECTIVE_DATE;
import static io.zonecast.ingest.source.CsvColumns.Column.FLAGS;
import static io.zonecast.ingest.source.CsvColumns.Column.OP;
import static io.zonecast.ingest.source.CsvColumns.Column.ORIGIN;
import static io.zonecast.ingest.source.CsvColumns.Column.ZONE;

import io.zonecast.ingest.source.CsvColumns.Column;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Judges CSV rows by the rules of the contract, and adds them to a chunk, good or rejected. */
final class CsvRowChecks {
  private static final byte[] UPSERT = {'u', 'p', 's', 'e', 'r', 't'};
  private static final byte[] DELETE = {'d', 'e', 'l', 'e', 't', 'e'};
  private final CsvColumns columns;
  private final byte @Nullable [] fixedCarrier;
  private final ProblemLog problems;

  /** The field of each column in a row, from 0; −1 if the file has none. */
  private final int carrierField;

  private final int originField;
  private final int destinationField;
  private final int zoneField;
  private final int flagsField;
  private final int dateField;
  private final int opField;
  private byte[] lastDate = {};
  private int lastEpochDay = IsoDate.INVALID;

  CsvRowChecks(CsvColumns columns, ProblemLog problems) {
    this.columns = columns;
    this.problems = problems;
    fixedCarrier = columns.fixedCarrier();
    carrierField = columns.fieldOf(CARRIER);
    originField = columns.fieldOf(ORIGIN);
    destinationField = columns.fieldOf(DESTINATION);
    zoneField = columns.fieldOf(ZONE);
    flagsField = columns.fieldOf(FLAGS);
    dateField = columns.fieldOf(EFFECTIVE_DATE);
    opField = columns.fieldOf(OP);
  }

  void accept(CsvRow row, RowChunk into) {
    boolean complete = row.fields() == columns.count() && row.fields() == row.kept();
    // A comma too many or too few shifts the fields: none of them can be believed, not the key's.
    if (!complete) {
      reject(row, into, wrongCount(row), fixedCarrier == null ? 0 : fixedCarrier.length, 0, 0);
      return;
    }
    byte[] carrier = fixedCarrier == null ? row.bytes() : fixedCarrier;
    int carrierOffset = fixedCarrier == null ? row.offset(carrierField) : 0;
    int carrierLength = fixedCarrier == null ? row.length(carrierField) : fixedCarrier.length;
    if (fixedCarrier == null && !ZoneKey.isCarrier(carrier, carrierOffset, carrierLength)) {
      reject(row, into, problem(row, CARRIER, carrierReason(row)), 0, 0, 0);
      return;
    }
    Column badPlace = badPlace(row);
    if (badPlace != null) {
      reject(row, into, problem(row, badPlace, notA(ZoneKey.PART_RULE)), carrierLength, 0, 0);
      return;
    }
    acceptKeyed(row, into, carrierLength);
  }

  private void acceptKeyed(CsvRow row, RowChunk into, int carrierLength) {
    int originLength = row.length(originField);
    int destinationLength = row.length(destinationField);
    Kind kind = kind(row);
    if (kind == Kind.REJECTED) {
      reject(
          row,
          into,
          problem(row, OP, "is neither upsert nor delete"),
          carrierLength,
          originLength,
          destinationLength);
      return;
    }
    int flagsLength = flagsField >= 0 ? row.length(flagsField) : 0;
    int epochDay = dateField >= 0 ? epochDay(row) : RowChunk.UNDATED;
    if (kind == Kind.UPSERT) {
      RowProblem problem = valueProblem(row, flagsLength, epochDay);
      if (problem != null) {
        reject(row, into, problem, carrierLength, originLength, destinationLength);
        return;
      }
    }
    boolean upsert = kind == Kind.UPSERT;
    int zoneLength = upsert ? row.length(zoneField) : 0;
    flagsLength = upsert ? flagsLength : 0;
    int at =
        writeKey(
            row, into, carrierLength, originLength, destinationLength, zoneLength + flagsLength);
    if (upsert) {
      System.arraycopy(row.bytes(), row.offset(zoneField), into.bytes(), at, zoneLength);
      if (flagsLength > 0) {
        System.arraycopy(
            row.bytes(), row.offset(flagsField), into.bytes(), at + zoneLength, flagsLength);
      }
    }
    into.add(
        kind,
        row.line(),
        carrierLength,
        originLength,
        destinationLength,
        zoneLength,
        flagsLength,
        upsert ? epochDay : RowChunk.UNDATED);
  }

  private @Nullable RowProblem valueProblem(CsvRow row, int flagsLength, int epochDay) {
    if (!ZoneText.isValid(row.bytes(), row.offset(zoneField), row.length(zoneField))) {
      return problem(row, ZONE, notA(ZoneText.RULE));
    }
    if (flagsLength > 0 && !ZoneText.isValid(row.bytes(), row.offset(flagsField), flagsLength)) {
      return problem(row, FLAGS, notA(ZoneText.RULE));
    }
    if (epochDay == IsoDate.INVALID) {
      return problem(row, EFFECTIVE_DATE, "is not a date as 2026-01-31");
    }
    return null;
  }

  private Kind kind(CsvRow row) {
    if (opField < 0) {
      return Kind.UPSERT;
    }
    if (fieldIs(row, opField, UPSERT)) {
      return Kind.UPSERT;
    }
    return fieldIs(row, opField, DELETE) ? Kind.DELETE : Kind.REJECTED;
  }

  private @Nullable Column badPlace(CsvRow row) {
    if (!ZoneKey.isPlace(row.bytes(), row.offset(originField), row.length(originField))) {
      return ORIGIN;
    }
    return ZoneKey.isPlace(row.bytes(), row.offset(destinationField), row.length(destinationField))
        ? null
        : DESTINATION;
  }

  private int epochDay(CsvRow row) {
    int offset = row.offset(dateField);
    int length = row.length(dateField);
    if (length == 0) {
      return RowChunk.UNDATED;
    }
    // A file has few dates, one after the other.
    if (!Arrays.equals(row.bytes(), offset, offset + length, lastDate, 0, lastDate.length)) {
      lastDate = Arrays.copyOfRange(row.bytes(), offset, offset + length);
      lastEpochDay = IsoDate.epochDay(lastDate, 0, length);
    }
    return lastEpochDay;
  }

  /** Writes the key with room for {@code more} bytes behind it, and returns where it ends. */
  private int writeKey(
      CsvRow row,
      RowChunk into,
      int carrierLength,
      int originLength,
      int destinationLength,
      int more) {
    int at = into.reserve(carrierLength + originLength + destinationLength + 2 + more);
    byte[] bytes = into.bytes();
    writeCarrier(row, bytes, at, carrierLength);
    at += carrierLength;
    bytes[at++] = ':';
    System.arraycopy(row.bytes(), row.offset(originField), bytes, at, originLength);
    at += originLength;
    bytes[at++] = ':';
    System.arraycopy(row.bytes(), row.offset(destinationField), bytes, at, destinationLength);
    return at + destinationLength;
  }

  private void writeCarrier(CsvRow row, byte[] into, int at, int length) {
    if (fixedCarrier == null) {
      System.arraycopy(row.bytes(), row.offset(carrierField), into, at, length);
    } else {
      System.arraycopy(fixedCarrier, 0, into, at, length);
    }
  }

  /** Adds a rejected row with as much of its key as could be read. */
  private void reject(
      CsvRow row,
      RowChunk into,
      RowProblem problem,
      int carrierLength,
      int originLength,
      int destinationLength) {
    problems.add(problem);
    if (originLength > 0) {
      writeKey(row, into, carrierLength, originLength, destinationLength, 0);
    } else {
      writeCarrier(row, into.bytes(), into.reserve(carrierLength), carrierLength);
    }
    into.add(
        Kind.REJECTED,
        row.line(),
        carrierLength,
        originLength,
        destinationLength,
        0,
        0,
        RowChunk.UNDATED);
  }

  private RowProblem wrongCount(CsvRow row) {
    int last = row.kept() - 1;
    String which =
        row.kept() == row.fields()
            ? "the last of the row"
            : String.format(
                Locale.ROOT,
                "the last that is looked at of %,d, since a row has at most %,d fields and %d MB",
                row.fields(),
                CsvRow.MOST_FIELDS,
                CsvRow.MOST_BYTES >> 20);
    return new RowProblem(
        row.line(),
        Integer.toString(row.kept()),
        ZoneText.quote(row.bytes(), row.offset(last), row.length(last)),
        "is field %d, %s; the header has %d columns".formatted(row.kept(), which, columns.count()));
  }

  private RowProblem problem(CsvRow row, Column column, String reason) {
    int field = columns.fieldOf(column);
    return new RowProblem(
        row.line(),
        column.header(),
        ZoneText.quote(row.bytes(), row.offset(field), row.length(field)),
        reason);
  }

  private static String notA(String rule) {
    return "is not " + rule;
  }

  private String carrierReason(CsvRow row) {
    return ZoneKey.isPlace(row.bytes(), row.offset(carrierField), row.length(carrierField))
        ? "must be in lower case"
        : notA(ZoneKey.PART_RULE);
  }

  private static boolean fieldIs(CsvRow row, int field, byte[] word) {
    int offset = row.offset(field);
    return Arrays.equals(row.bytes(), offset, offset + row.length(field), word, 0, word.length);
  }
}
