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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which field of a CSV row means what, as its header says; in any order, in any case.
 *
 * @param count how many fields a row has; more are accepted where they are empty
 * @param fields the field of each column that the file has, from 0
 */
record CsvColumns(int count, Map<Column, Integer> fields) {
  static final String EXPECTED_HEADER = "carrier,origin,destination,zone[,flags][,effective_date]";

  private static final Pattern CODE = Pattern.compile("\\d{3,5}");

  /** So many codes in a header are a matrix's destinations. */
  private static final int A_MATRIX = 2;

  /**
   * Reads a header.
   *
   * @throws FileSettingsException saying everything that does not fit
   */
  static CsvColumns of(Path file, List<String> header, FileOptions options)
      throws FileSettingsException {
    List<String> names =
        header.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    int count = names.size();
    while (count > 0 && names.get(count - 1).isEmpty()) {
      count--;
    }
    requireRows(file, names);
    List<String> problems = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    Map<Column, Integer> fields = new EnumMap<>(Column.class);
    for (int field = 0; field < count; field++) {
      Optional<Column> column = columnOf(names.get(field), options.csv());
      if (column.isEmpty()) {
        if (!options.csv().ignored().contains(names.get(field))) {
          problems.add(
              "column " + (field + 1) + ", " + ZoneText.quote(header.get(field)) + ", is unknown");
          unknown.add(names.get(field));
        }
      } else if (fields.putIfAbsent(column.get(), field) != null) {
        problems.add("column " + column.get().header() + " is there twice");
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
              + EXPECTED_HEADER
              + (unknown.isEmpty() ? "" : remedy(unknown, fields)));
    }
    return new CsvColumns(count, fields);
  }

  private static Optional<Column> columnOf(String name, CsvOptions options) {
    for (Map.Entry<Column, String> told : options.columns().entrySet()) {
      if (told.getValue().equals(name)) {
        return Optional.of(told.getKey());
      }
    }
    // A column that has another name here is not the one of this name, too.
    return Optional.ofNullable(Column.named(name))
        .filter(column -> !options.columns().containsKey(column))
        .filter(column -> !options.ignored().contains(name));
  }

  private static String remedy(List<String> unknown, Map<Column, Integer> fields) {
    String missing =
        List.of(Column.ORIGIN, Column.DESTINATION, Column.ZONE).stream()
            .filter(column -> !fields.containsKey(column))
            .map(column -> column.header() + "=NAME")
            .collect(Collectors.joining(","));
    String ignored = String.join(",", unknown);
    return ". "
        + (missing.isEmpty() ? "" : "Say what they mean with --columns " + missing + "; ")
        + "leave out what is not needed with --ignore-columns "
        + (ignored.indexOf(' ') < 0 ? ignored : '"' + ignored + '"');
  }

  private static void requireColumns(
      List<String> problems, Map<Column, Integer> fields, FileOptions options) {
    options
        .csv()
        .columns()
        .forEach(
            (column, name) -> {
              if (!fields.containsKey(column)) {
                problems.add("column " + ZoneText.quote(name) + " of --columns is missing");
              }
            });
    for (Column column : List.of(Column.ORIGIN, Column.DESTINATION, Column.ZONE)) {
      if (!fields.containsKey(column) && !options.csv().columns().containsKey(column)) {
        problems.add("column " + column.header() + " is missing");
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

  /** Refuses a table with a column for each destination, by the way to make rows of it. */
  private static void requireRows(Path file, List<String> names) throws FileSettingsException {
    if (names.stream().filter(name -> CODE.matcher(name).matches()).count() >= A_MATRIX) {
      throw new FileSettingsException(
          file,
          "this is a matrix, with a column for each destination; make a row of each of its cells"
              + " first: docs/publishing.md has a line that does it");
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
}
