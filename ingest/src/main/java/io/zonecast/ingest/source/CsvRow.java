package io.zonecast.ingest.source;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fields of the row that FastCSV found last, as bytes, without blanks around them. A flyweight:
 * the parser overwrites it with the next row.
 */
final class CsvRow extends CsvCallbackHandler<CsvRow> {
  private static final int TYPICAL_BYTES = 128;
  private static final int TYPICAL_FIELDS = 8;
  private static final int SHORTEST_FORMULA = 3;

  /** More than any table has; what a damaged row has beyond is counted, and not kept. */
  static final int MOST_FIELDS = 1_000;

  static final int MOST_BYTES = 4 << 20;

  private byte[] bytes = new byte[TYPICAL_BYTES];
  private int[] ends = new int[TYPICAL_FIELDS];
  private int used;
  private int kept;
  private long fields;
  private long line;
  private boolean empty;
  private boolean anyText;

  /** The line on which the row begins, from 1. */
  long line() {
    return line;
  }

  /** How many fields it has. */
  long fields() {
    return fields;
  }

  /**
   * How many of them can be asked for: all, unless the row has more than {@value #MOST_FIELDS} or
   * is longer than {@value #MOST_BYTES} bytes.
   */
  int kept() {
    return kept;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int field) {
    return field == 0 ? 0 : ends[field - 1];
  }

  int length(int field) {
    return ends[field] - offset(field);
  }

  /** Whether no field has any text, as the rows have that a spreadsheet adds at its end. */
  boolean isBlank() {
    return !anyText && kept == fields;
  }

  /** The fields as text; for the header. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int field = 0; field < kept; field++) {
      texts.add(new String(bytes, offset(field), length(field), StandardCharsets.UTF_8));
    }
    return texts;
  }

  @Override
  protected void beginRecord(long startingLineNumber) {
    line = startingLineNumber;
    used = 0;
    kept = 0;
    fields = 0;
    empty = false;
    anyText = false;
  }

  @Override
  protected void addField(char[] buffer, int offset, int length, boolean quoted) {
    fields++;
    // A field behind one that was not kept would stand in its place.
    if (kept < fields - 1 || kept == MOST_FIELDS || used + length > MOST_BYTES) {
      return;
    }
    int from = offset;
    int end = offset + length;
    // Spreadsheets keep a code's zeros as a formula: ="005".
    if (length >= SHORTEST_FORMULA
        && buffer[from] == '='
        && buffer[from + 1] == '"'
        && buffer[end - 1] == '"') {
      from += 2;
      end--;
    }
    while (from < end && isBlank(buffer[from])) {
      from++;
    }
    while (end > from && isBlank(buffer[end - 1])) {
      end--;
    }
    if (used + end - from > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + end - from));
    }
    byte[] into = bytes;
    int at = used;
    for (int i = from; i < end; i++) {
      into[at++] = (byte) buffer[i];
    }
    anyText |= at > used;
    used = at;
    if (kept == ends.length) {
      ends = Arrays.copyOf(ends, 2 * kept);
    }
    ends[kept++] = at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  @Override
  protected void setComment(char[] buffer, int offset, int length) {
    throw new IllegalStateException("comments are not read");
  }

  @Override
  protected void setEmpty() {
    empty = true;
  }

  @Override
  protected CsvRow buildRecord() {
    return this;
  }

  @Override
  protected RecordType getRecordType() {
    return empty ? RecordType.EMPTY : RecordType.DATA;
  }

  @Override
  protected int getFieldCount() {
    return (int) Math.min(fields, Integer.MAX_VALUE);
  }
}
