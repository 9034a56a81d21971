package io.zonecast.ingest.source;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the user says about a CSV file.
 *
 * @param separator between fields; empty to find out by the header
 * @param columns the file's own names of columns
 * @param ignored columns that are not read, in lower case
 */
public record CsvOptions(
    Optional<Character> separator, Map<Column, String> columns, Set<String> ignored) {
  /** Nothing said. */
  public static final CsvOptions NONE = new CsvOptions(Optional.empty(), Map.of(), Set.of());

  public CsvOptions {
    columns =
        columns.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, its -> lower(its.getValue())));
    ignored = ignored.stream().map(CsvOptions::lower).collect(Collectors.toSet());
  }

  private static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
