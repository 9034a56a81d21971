package io.zonecast.ingest.source;

import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The rows of a USPS National Zone Charts Matrix: its cells in use.
 *
 * <p>The first line is the effective date, {@code MMDDYYYY}, padded with spaces; it may begin as an
 * origin does and is told by its position alone. Each other line is an origin of three characters
 * and 999 cells of two, a zone and a flag, for the destinations 001 to 999. Zone 0 is a destination
 * that is not in use, a blank flag is none. Lines end with LF or CRLF.
 */
final class UspsMatrix implements RowSource {
  static final String CARRIER = "usps";
  private static final int ORIGIN_CHARACTERS = 3;
  private static final int DESTINATION_CHARACTERS = 3;
  private static final int CELL_CHARACTERS = 2;
  private static final int CELLS = 999;
  private static final int LINE_CHARACTERS = ORIGIN_CHARACTERS + CELLS * CELL_CHARACTERS;
  private static final int DATE_CHARACTERS = 8;
  private static final int MAX_ROW_BYTES =
      ZoneKey.MAX_PART_LENGTH + ORIGIN_CHARACTERS + DESTINATION_CHARACTERS + 2 + CELL_CHARACTERS;
  private static final byte NOT_IN_USE = '0';

  private final FileReading reading;
  private final LineInput lines;
  private final byte[] carrier;
  private final int effectiveEpochDay;

  /** The next cell of the line at hand; {@link #CELLS} where the next line is to be read. */
  private int cell = CELLS;

  UspsMatrix(FileReading reading) throws IOException {
    this.reading = reading;
    ZoneFile file = reading.file();
    CsvColumns.requireCarrier(file.path(), file.options());
    carrier = file.declaredCarrier().orElse(CARRIER).getBytes(StandardCharsets.US_ASCII);
    lines = new LineInput(reading.text(), LINE_CHARACTERS);
    effectiveEpochDay = lines.next() ? effectiveDate(file) : RowChunk.UNDATED;
  }

  /** Whether the first line is a matrix's. */
  static boolean looksLikeOne(byte[] head) {
    try (InputStream bytes = new ByteArrayInputStream(head)) {
      LineInput lines = new LineInput(bytes, LINE_CHARACTERS);
      return lines.next() && dateOf(lines) != IsoDate.INVALID;
    } catch (IOException e) {
      throw new IllegalStateException("an array that cannot be read", e);
    }
  }

  @Override
  public void fill(RowChunk into) throws IOException {
    while (!into.isFull() && (cell < CELLS || nextOrigin(into))) {
      readCells(into);
    }
  }

  /**
   * Goes on to the next line with a readable origin, or stops where lines that are none have filled
   * the chunk.
   *
   * @return whether there was such a line
   */
  private boolean nextOrigin(RowChunk into) throws IOException {
    while (!into.isFull() && lines.next()) {
      if (lines.length() == 0) {
        continue;
      }
      if (lines.length() != LINE_CHARACTERS) {
        reject(
            into,
            1,
            0,
            Math.min(lines.length(), LINE_CHARACTERS),
            "is a line of "
                + (lines.length() > LINE_CHARACTERS ? "more than 2,001" : lines.length())
                + " characters, not of 2,001: an origin of 3 and 999 cells of 2");
      } else if (!isOrigin()) {
        reject(into, 1, 0, ORIGIN_CHARACTERS, "is no origin of three digits");
      } else {
        cell = 0;
        return true;
      }
    }
    return false;
  }

  private boolean isOrigin() {
    byte[] line = lines.bytes();
    for (int i = 0; i < ORIGIN_CHARACTERS; i++) {
      if (line[i] < '0' || line[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private void readCells(RowChunk into) {
    byte[] line = lines.bytes();
    while (cell < CELLS && !into.isFull()) {
      int at = ORIGIN_CHARACTERS + cell * CELL_CHARACTERS;
      cell++;
      byte zone = line[at];
      if (zone != NOT_IN_USE) {
        addCell(into, line, at, cell);
      }
    }
  }

  private void addCell(RowChunk into, byte[] line, int at, int destination) {
    byte zone = line[at];
    byte flag = line[at + 1];
    boolean zoneFits = (zone >= '1' && zone <= '9') || (zone >= 'A' && zone <= 'Z');
    boolean flagged = flag != ' ';
    boolean fits = zoneFits && (!flagged || ZoneText.isValid(line, at + 1, 1));
    int end = into.reserve(MAX_ROW_BYTES);
    byte[] bytes = into.bytes();
    for (byte b : carrier) {
      bytes[end++] = b;
    }
    bytes[end++] = ':';
    bytes[end++] = line[0];
    bytes[end++] = line[1];
    bytes[end++] = line[2];
    bytes[end++] = ':';
    bytes[end++] = (byte) ('0' + destination / 100);
    bytes[end++] = (byte) ('0' + destination / 10 % 10);
    bytes[end++] = (byte) ('0' + destination % 10);
    bytes[end++] = zone;
    bytes[end] = flag;
    if (!fits) {
      problem(
          at + 1,
          at,
          CELL_CHARACTERS,
          zoneFits
              ? "has a flag that is no printable character"
              : "has no zone 1 to 9 or A to Z (0: not in use)");
    }
    into.add(
        fits ? Kind.UPSERT : Kind.REJECTED,
        lines.number(),
        carrier.length,
        ORIGIN_CHARACTERS,
        DESTINATION_CHARACTERS,
        fits ? 1 : 0,
        fits && flagged ? 1 : 0,
        fits ? effectiveEpochDay : RowChunk.UNDATED);
  }

  private void reject(RowChunk into, int column, int offset, int length, String reason) {
    problem(column, offset, length, reason);
    int at = into.reserve(carrier.length);
    System.arraycopy(carrier, 0, into.bytes(), at, carrier.length);
    into.add(Kind.REJECTED, lines.number(), carrier.length, 0, 0, 0, 0, RowChunk.UNDATED);
  }

  private void problem(int column, int offset, int length, String reason) {
    if (reading.problemLog().hasRoom()) {
      reading
          .problemLog()
          .add(
              new RowProblem(
                  lines.number(),
                  Integer.toString(column),
                  ZoneText.quote(lines.bytes(), offset, length),
                  reason));
    }
  }

  private int effectiveDate(ZoneFile file) throws FileSettingsException {
    int day = dateOf(lines);
    if (day == IsoDate.INVALID) {
      throw new FileSettingsException(
          file.path(),
          "line 1 of a usps-matrix is its effective date as MMDDYYYY, not "
              + ZoneText.quote(lines.bytes(), 0, Math.min(lines.length(), LINE_CHARACTERS))
              + "; check --format");
    }
    return day;
  }

  private static int dateOf(LineInput line) {
    if (line.length() < DATE_CHARACTERS || line.length() > LINE_CHARACTERS) {
      return IsoDate.INVALID;
    }
    for (int i = DATE_CHARACTERS; i < line.length(); i++) {
      if (line.bytes()[i] != ' ') {
        return IsoDate.INVALID;
      }
    }
    return IsoDate.epochDayOfUsps(line.bytes(), 0);
  }
}
