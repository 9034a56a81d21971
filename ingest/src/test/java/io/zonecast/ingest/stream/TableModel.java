package io.zonecast.ingest.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** One partition of the table as a broker keeps it: records, transactions and their markers. */
final class TableModel {
  static final Headers NO_HEADERS = new RecordHeaders();

  private final List<Row> log = new ArrayList<>();

  enum Writer {
    OURS,
    OTHER
  }

  private enum Fate {
    OPEN,
    COMMITTED,
    ABORTED,
    /** Ends a transaction; nobody is given it. */
    MARKER
  }

  /** A record of the table, or a marker. */
  static final class Row {
    final Writer writer;
    final String key;
    final @Nullable String zone;
    final Headers headers;
    private Fate fate;

    private Row(Writer writer, String key, @Nullable String zone, Headers headers, Fate fate) {
      this.writer = writer;
      this.key = key;
      this.zone = zone;
      this.headers = headers;
      this.fate = fate;
    }

    /** A record of a transaction that is still open. */
    static Row open(Writer writer, String key, @Nullable String zone, Headers headers) {
      return new Row(writer, key, zone, headers, Fate.OPEN);
    }

    /** Somebody else's, outside of any transaction. */
    static Row committed(String key, @Nullable String zone) {
      return new Row(Writer.OTHER, key, zone, NO_HEADERS, Fate.COMMITTED);
    }

    boolean isCommitted() {
      return fate == Fate.COMMITTED;
    }

    boolean isOpenOf(Writer its) {
      return writer == its && fate == Fate.OPEN;
    }
  }

  /** Appends a record and returns its offset. */
  int append(Row row) {
    log.add(row);
    return log.size() - 1;
  }

  Row get(int offset) {
    return log.get(offset);
  }

  /** The high watermark. */
  int size() {
    return log.size();
  }

  List<Row> rows() {
    return log;
  }

  int lastStableOffset() {
    for (int offset = 0; offset < log.size(); offset++) {
      if (log.get(offset).fate == Fate.OPEN) {
        return offset;
      }
    }
    return log.size();
  }

  boolean hasOpen(Writer writer) {
    return log.stream().anyMatch(row -> row.isOpenOf(writer));
  }

  /**
   * Ends the transaction of {@code writer}, if there is one, with a marker behind it.
   *
   * @return its records
   */
  List<Row> end(Writer writer, boolean committed) {
    List<Row> ended = log.stream().filter(row -> row.isOpenOf(writer)).toList();
    ended.forEach(row -> row.fate = committed ? Fate.COMMITTED : Fate.ABORTED);
    if (!ended.isEmpty()) {
      log.add(new Row(Writer.OTHER, "", null, NO_HEADERS, Fate.MARKER));
    }
    return ended;
  }

  /** The committed zone of each key that has one. */
  Map<String, String> current() {
    return current(log.size());
  }

  private Map<String, String> current(int size) {
    Map<String, String> current = new HashMap<>();
    for (Row row : log.subList(0, size)) {
      if (row.isCommitted() && row.zone == null) {
        current.remove(row.key);
      } else if (row.isCommitted() && row.zone != null) {
        current.put(row.key, row.zone);
      }
    }
    return current;
  }

  /** Whether below {@code size} the key had this zone, with no transaction on it undecided now. */
  boolean isDecidedAs(String key, @Nullable String zone, int size) {
    return log.subList(0, size).stream()
            .noneMatch(row -> row.key.equals(key) && row.fate == Fate.OPEN)
        && Objects.equals(current(size).get(key), zone);
  }
}
