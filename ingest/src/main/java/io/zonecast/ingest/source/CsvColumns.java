package io.zonecast.ingest.source;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which field of a CSV row means what, as its header says; in any order, in any case. */
final class CsvColumns {
  static final String EXPECTED_HEADER = "carrier,origin,destination,zone[,flags][,effective_date]";

  /** The meanings that a column can have. */
  enum Column {
    CARRIER("carrier"),
    ORIGIN("origin"),
    DESTINATION("destination"),
    ZONE("zone"),
    FLAGS("flags"),
    EFFECTIVE_DATE("effective_date"),
    OP("op");

    private final String header;

    Column(String header) {
      this.header = header;
    }

    /** Its name in the header and in messages. */
    String header() {
      return header;
    }

    private static @Nullable Column named(String header) {
      if (header.equals("dest")) {
        return DESTINATION;
      }
      for (Column column : values()) {
        if (column.header.equals(header)) {
          return column;
        }
      }
      return null;
    }
  }

  private final int count;
  private final Map<Column, Integer> fields;
  private final byte @Nullable [] fixedCarrier;

  private CsvColumns(int count, Map<Column, Integer> fields, byte @Nullable [] fixedCarrier) {
    this.count = count;
    this.fields = fields;
    this.fixedCarrier = fixedCarrier;
  }

  /**
   * Reads a header.
   *
   * @throws FileSettingsException saying everything that does not fit
   */
  static CsvColumns of(Path file, List<String> header, FileOptions options)
      throws FileSettingsException {
    List<String> problems = new ArrayList<>();
    Map<Column, Integer> fields = new EnumMap<>(Column.class);
    for (int field = 0; field < header.size(); field++) {
      Column column = Column.named(header.get(field).strip().toLowerCase(Locale.ROOT));
      if (column == null) {
        problems.add(
            "column " + (field + 1) + ", " + ZoneText.quote(header.get(field)) + ", is unknown");
      } else if (fields.putIfAbsent(column, field) != null) {
        problems.add("column " + column.header + " is there twice");
      }
    }
    requireColumns(problems, fields, options);
    if (!problems.isEmpty()) {
      throw new FileSettingsException(
          file,
          "the header does not fit: "
              + String.join("; ", problems)
              + ". Expected, in any order: "
              + (options.delta() ? "op," : "")
              + EXPECTED_HEADER);
    }
    return new CsvColumns(
        header.size(), fields, options.carrier().map(CsvColumns::ascii).orElse(null));
  }

  private static void requireColumns(
      List<String> problems, Map<Column, Integer> fields, FileOptions options) {
    for (Column column : List.of(Column.ORIGIN, Column.DESTINATION, Column.ZONE)) {
      if (!fields.containsKey(column)) {
        problems.add("column " + column.header + " is missing");
      }
    }
    Optional<String> carrier = options.carrier();
    if (carrier.isEmpty() && !fields.containsKey(Column.CARRIER)) {
      problems.add("column carrier is missing: add it, or set --carrier");
    } else if (carrier.isPresent() && fields.containsKey(Column.CARRIER)) {
      problems.add("column carrier is there and --carrier is set: leave one of them out");
    }
    if (options.delta() && !fields.containsKey(Column.OP)) {
      problems.add("column op (upsert or delete) is missing, which --delta wants");
    } else if (!options.delta() && fields.containsKey(Column.OP)) {
      problems.add("column op makes this a file of changes: set --delta");
    }
  }

  /** Checks {@code --carrier} by the rule that every carrier follows. */
  static void requireCarrier(Path file, FileOptions options) throws FileSettingsException {
    if (options.carrier().isPresent()) {
      byte[] carrier = options.carrier().get().getBytes(StandardCharsets.UTF_8);
      if (!ZoneKey.isCarrier(carrier, 0, carrier.length)) {
        throw new FileSettingsException(
            file,
            "--carrier "
                + ZoneText.quote(options.carrier().get())
                + " is not "
                + ZoneKey.PART_RULE
                + ", in lower case");
      }
    }
  }

  /** How many fields a row has. */
  int count() {
    return count;
  }

  /** Which field of a row, from 0, has this meaning; −1 if none has. */
  int fieldOf(Column column) {
    return fields.getOrDefault(column, -1);
  }

  /** The carrier of every row, where no column says it. */
  byte @Nullable [] fixedCarrier() {
    return fixedCarrier;
  }

  private static byte[] ascii(String carrier) {
    return carrier.getBytes(StandardCharsets.US_ASCII);
  }
}
