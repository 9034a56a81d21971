package io.zonecast.ingest.source;

import static io.zonecast.ingest.source.Column.CARRIER;
import static io.zonecast.ingest.source.Column.DESTINATION;
import static io.zonecast.ingest.source.Column.EFFECTIVE_DATE;
import static io.zonecast.ingest.source.Column.FLAGS;
import static io.zonecast.ingest.source.Column.OP;
import static io.zonecast.ingest.source.Column.ORIGIN;
import static io.zonecast.ingest.source.Column.ZONE;

import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import io.zonecast.schemas.wire.Utf8Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of every format by the rules of the contract, expands ranges of codes, and adds
 * the rows to a chunk, good, in {@link Doubt} or rejected. A {@link RowSource} fills {@link #row}
 * and calls {@link #accept}. Rows that do not fit into the chunk any more are the next one's first.
 */
final class RowChecks {
  private static final byte[] UPSERT = {'u', 'p', 's', 'e', 'r', 't'};
  private static final byte[] DELETE = {'d', 'e', 'l', 'e', 't', 'e'};
  private static final int LONGEST_WORD = 4;

  private final RowOptions options;
  private final ProblemLog problems;
  private final RangeNames names;
  private final RawRow row = new RawRow();
  private byte[] lastDate = {};
  private int lastEpochDay = IsoDate.INVALID;

  /** The codes that the row at hand stands for; null where it stands for one. */
  private @Nullable CodeRange origins;

  private @Nullable CodeRange destinations;
  private long nextExpanded;
  private long expandedRows;
  private long expandedLines;
  private long lastExpandedLine;
  private Kind kind = Kind.UPSERT;
  private int epochDay;
  private List<Doubt> doubts = List.of();

  RowChecks(RowOptions options, ProblemLog problems, RangeNames names) {
    this.options = options;
    this.problems = problems;
    this.names = names;
  }

  /** To be filled before each {@link #accept}. */
  RawRow row() {
    return row;
  }

  /** Judges the row and adds it, or the first of the rows that it stands for. */
  void accept(RowChunk into) {
    origins = null;
    destinations = null;
    doubts = List.of();
    Utf8Slice carrier = row.field(CARRIER);
    if (!ZoneKey.isCarrier(carrier.array(), carrier.offset(), carrier.length())) {
      problems.add(row.problem(CARRIER, carrierReason(carrier)));
      addRejected(into, false, false);
      return;
    }
    RowProblem problem = problemOfPlaces();
    if (problem != null) {
      problems.add(problem);
      addRejected(into, true, false);
      return;
    }
    kind = kind();
    problem =
        switch (kind) {
          case REJECTED -> row.problem(OP, "is neither upsert nor delete");
          case UPSERT -> problemOfValue();
          case DELETE -> null;
        };
    if (problem != null) {
      problems.add(problem);
      addRejected(into, true, origins == null && destinations == null);
      return;
    }
    if (origins == null && destinations == null) {
      add(into);
    } else {
      nextExpanded = 0;
      expandedLines += row.line() == lastExpandedLine ? 0 : 1;
      lastExpandedLine = row.line();
      addExpanded(into);
    }
  }

  /** Rejects the row whatever it says, since its fields cannot be told apart. */
  void reject(RowProblem problem, RowChunk into) {
    problems.add(problem);
    addRejected(into, !row.field(CARRIER).isNull(), false);
  }

  /** Adds rows that the row at hand stands for, as many as there is room for. */
  void addExpanded(RowChunk into) {
    long each = destinations == null ? 1 : destinations.size();
    while (nextExpanded < expansion() && !into.isFull()) {
      if (origins != null) {
        row.field(ORIGIN).set(origins.code(nextExpanded / each));
      }
      if (destinations != null) {
        row.field(DESTINATION).set(destinations.code(nextExpanded % each));
      }
      add(into);
      nextExpanded++;
      expandedRows++;
    }
  }

  /** How many lines stood for more than one row. */
  long expandedLines() {
    return expandedLines;
  }

  /** How many rows these lines stood for. */
  long expandedRows() {
    return expandedRows;
  }

  private long expansion() {
    return origins == null && destinations == null
        ? 0
        : (origins == null ? 1 : origins.size()) * (destinations == null ? 1 : destinations.size());
  }

  private @Nullable RowProblem problemOfPlaces() {
    RowProblem problem = problemOf(ORIGIN);
    return problem == null ? problemOf(DESTINATION) : problem;
  }

  /** Judges a code; notes a doubt, or the range that it is. */
  private @Nullable RowProblem problemOf(Column column) {
    Utf8Slice code = row.field(column);
    byte[] bytes = code.array();
    int offset = code.offset();
    int length = code.length();
    boolean digits = length > 0;
    for (int i = offset; i < offset + length && digits; i++) {
      digits = bytes[i] >= '0' && bytes[i] <= '9';
    }
    if (digits && length <= ZoneKey.MAX_PART_LENGTH) {
      if (length < options.padPrefixes()) {
        code.set("0".repeat(options.padPrefixes() - length) + code);
      }
      return null;
    }
    boolean fits = ZoneKey.isPlace(bytes, offset, length);
    if (fits && !mayBeDoubtful(bytes, offset, length, true)) {
      return null;
    }
    String text = code.toString();
    if (length == 0) {
      return row.problem(column, "is missing");
    }
    if (fits && options.allows(text)) {
      return null;
    }
    String reason = DoubtfulText.ofPrefix(text);
    if (fits) {
      if (reason != null) {
        doubt(column, reason);
        return null;
      }
      return CodeRange.isOne(text) ? problemOfRange(column, text) : null;
    }
    if (reason == null) {
      reason =
          text.strip().indexOf(' ') >= 0
              ? "has a blank in it: leave the blank out, or use the part before it (the outward"
                  + " code)"
              : "is not " + ZoneKey.PART_RULE;
    }
    return row.problem(column, reason);
  }

  private @Nullable RowProblem problemOfRange(Column column, String text) {
    if (options.rangesAreNames() || names.has(row.field(CARRIER).toString())) {
      return null;
    }
    try {
      CodeRange range = CodeRange.of(text);
      if (column == ORIGIN) {
        origins = range;
      } else {
        destinations = range;
      }
      return null;
    } catch (IllegalArgumentException e) {
      return row.problem(column, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable RowProblem problemOfValue() {
    Utf8Slice zone = row.field(ZONE);
    boolean fits = ZoneText.isValid(zone.array(), zone.offset(), zone.length());
    if (!fits || mayBeDoubtful(zone.array(), zone.offset(), zone.length(), false)) {
      String text = zone.toString();
      String reason =
          zone.length() == 0
              ? "is missing"
              : options.allows(text) ? null : DoubtfulText.ofZone(text);
      if (!fits) {
        return row.problem(ZONE, reason == null ? "is not " + ZoneText.RULE : reason);
      }
      if (reason != null) {
        doubt(ZONE, reason);
      }
    }
    Utf8Slice flags = row.field(FLAGS);
    if (flags.length() > 0 && !ZoneText.isValid(flags.array(), flags.offset(), flags.length())) {
      return row.problem(FLAGS, "is not " + ZoneText.RULE);
    }
    epochDay = epochDay();
    return epochDay == IsoDate.INVALID
        ? row.problem(EFFECTIVE_DATE, "is not a date as 2026-01-31")
        : null;
  }

  private void doubt(Column column, String reason) {
    List<Doubt> more = new ArrayList<>(doubts);
    more.add(new Doubt(column, row.problem(column, reason)));
    doubts = more;
  }

  /** Whether a text has to be looked at as a whole: cheap, since each row is asked. */
  private static boolean mayBeDoubtful(byte[] text, int offset, int length, boolean isCode) {
    byte first = text[offset];
    if (length <= LONGEST_WORD
        && (first == 'n'
            || first == 'N'
            || first == 'i'
            || first == 'I'
            || first == '-'
            || first == '#')) {
      return true;
    }
    if (first == '[') {
      return true;
    }
    boolean isNumber = first >= '0' && first <= '9';
    for (int i = offset; i < offset + length; i++) {
      byte b = text[i];
      if ((isNumber && (b == 'e' || b == 'E')) || (isCode && (b == '-' || b == '.'))) {
        return true;
      }
    }
    return false;
  }

  private Kind kind() {
    Utf8Slice op = row.field(OP);
    if (op.isNull() || is(op, UPSERT)) {
      return Kind.UPSERT;
    }
    return is(op, DELETE) ? Kind.DELETE : Kind.REJECTED;
  }

  private static boolean is(Utf8Slice field, byte[] word) {
    return Arrays.equals(
        field.array(), field.offset(), field.offset() + field.length(), word, 0, word.length);
  }

  private int epochDay() {
    Utf8Slice date = row.field(EFFECTIVE_DATE);
    int length = date.length();
    if (length == 0) {
      return RowChunk.UNDATED;
    }
    // A file has few dates, one after the other.
    int offset = date.offset();
    if (!Arrays.equals(date.array(), offset, offset + length, lastDate, 0, lastDate.length)) {
      lastDate = Arrays.copyOfRange(date.array(), offset, offset + length);
      lastEpochDay = IsoDate.epochDay(lastDate, 0, length);
    }
    return lastEpochDay;
  }

  private void add(RowChunk into) {
    boolean upsert = kind == Kind.UPSERT;
    int zoneLength = upsert ? row.field(ZONE).length() : 0;
    int flagsLength = upsert ? row.field(FLAGS).length() : 0;
    int at = writeKey(into, zoneLength + flagsLength);
    if (upsert) {
      copy(row.field(FLAGS), into.bytes(), copy(row.field(ZONE), into.bytes(), at));
    }
    into.add(
        kind,
        row.line(),
        row.field(CARRIER).length(),
        row.field(ORIGIN).length(),
        row.field(DESTINATION).length(),
        zoneLength,
        flagsLength,
        upsert ? epochDay : RowChunk.UNDATED);
    if (upsert && !doubts.isEmpty()) {
      into.doubts(doubts);
    }
  }

  /** Writes the key with room for {@code more} bytes behind it, and returns where it ends. */
  private int writeKey(RowChunk into, int more) {
    int length =
        row.field(CARRIER).length()
            + row.field(ORIGIN).length()
            + row.field(DESTINATION).length()
            + 2;
    int at = into.reserve(length + more);
    byte[] bytes = into.bytes();
    at = copy(row.field(CARRIER), bytes, at);
    bytes[at++] = ':';
    at = copy(row.field(ORIGIN), bytes, at);
    bytes[at++] = ':';
    return copy(row.field(DESTINATION), bytes, at);
  }

  /** Adds a rejected row with as much of its key as can be believed; it stands for no others. */
  private void addRejected(RowChunk into, boolean hasCarrier, boolean hasKey) {
    origins = null;
    destinations = null;
    Utf8Slice carrier = row.field(CARRIER);
    if (hasKey) {
      writeKey(into, 0);
    } else if (hasCarrier) {
      // Before the array is asked for: to reserve may replace it.
      int at = into.reserve(carrier.length());
      copy(carrier, into.bytes(), at);
    }
    into.add(
        Kind.REJECTED,
        row.line(),
        hasCarrier ? carrier.length() : 0,
        hasKey ? row.field(ORIGIN).length() : 0,
        hasKey ? row.field(DESTINATION).length() : 0,
        0,
        0,
        RowChunk.UNDATED);
  }

  private static int copy(Utf8Slice from, byte[] into, int at) {
    System.arraycopy(from.array(), from.offset(), into, at, from.length());
    return at + from.length();
  }

  private static String carrierReason(Utf8Slice carrier) {
    if (carrier.length() == 0) {
      return "is missing";
    }
    return ZoneKey.isPlace(carrier.array(), carrier.offset(), carrier.length())
        ? "must be in lower case"
        : "is not " + ZoneKey.PART_RULE;
  }
}
