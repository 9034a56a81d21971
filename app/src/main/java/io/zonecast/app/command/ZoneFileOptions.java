package io.zonecast.app.command;

import io.zonecast.app.settings.Problems;
import io.zonecast.ingest.source.Column;
import io.zonecast.ingest.source.CsvOptions;
import io.zonecast.ingest.source.FileFormat;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.RowOptions;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a zone file is to be read. */
final class ZoneFileOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, usps-matrix, ups-chart, usps-zones (by looking).",
      order = 10)
  private @Nullable String format;

  @Option(
      names = "--carrier",
      paramLabel = "NAME",
      description = "The carrier, where the file does not say.",
      order = 11)
  private @Nullable String carrier;

  @Option(
      names = "--origin",
      paramLabel = "NNN",
      description = "The origin of a chart that does not say it.",
      order = 11)
  private @Nullable String origin;

  @Option(
      names = "--delta",
      description = "FILE lists changes (column op: upsert, delete).",
      order = 12)
  private boolean delta;

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description = "Between fields; tab for a tab (by the header).",
      order = 12)
  private @Nullable String separator;

  @Option(
      names = "--columns",
      paramLabel = "MAP",
      split = ",",
      description = "Your columns: origin=from_zip,destination=to_zip.",
      order = 12)
  private List<String> columns = List.of();

  @Option(
      names = "--ignore-columns",
      paramLabel = "NAMES",
      split = ",",
      description = "Columns that are not read.",
      order = 12)
  private Set<String> ignored = Set.of();

  @Option(
      names = "--pad-prefixes",
      paramLabel = "N",
      defaultValue = "0",
      description = "Zeros before shorter digits, to length N (none).",
      order = 12)
  private int padPrefixes;

  @Option(
      names = "--allow-word",
      paramLabel = "WORDS",
      split = ",",
      description = "Codes or zones although they look like none: NA.",
      order = 12)
  private Set<String> allowedWords = Set.of();

  /** What the options say; to be used only if {@code problems} stays empty. */
  FileOptions check(Problems problems) {
    CsvOptions csv = new CsvOptions(separator(problems), columns(problems), ignored);
    RowOptions rows =
        problems.attempt(() -> new RowOptions(padPrefixes, allowedWords), RowOptions.NONE);
    if (origin != null && !origin.matches("\\d{3}")) {
      problems.add("--origin \"%s\": give three digits, as 981".formatted(origin));
    }
    return new FileOptions(
        format(problems),
        Optional.ofNullable(carrier),
        delta,
        Optional.ofNullable(origin),
        csv,
        rows);
  }

  private Optional<FileFormat> format(Problems problems) {
    if (format == null) {
      return Optional.empty();
    }
    Optional<FileFormat> named =
        Arrays.stream(FileFormat.values()).filter(f -> f.toString().equals(format)).findFirst();
    if (named.isEmpty()) {
      problems.add(
          "--format \"%s\": choose one of %s"
              .formatted(
                  format,
                  Arrays.stream(FileFormat.values())
                      .map(FileFormat::toString)
                      .collect(Collectors.joining(", "))));
    }
    return named;
  }

  private Optional<Character> separator(Problems problems) {
    if (separator == null) {
      return Optional.empty();
    }
    String character = separator.equals("tab") || separator.equals("\\t") ? "\t" : separator;
    if (character.length() != 1 || character.equals("\"") || character.charAt(0) > '~') {
      problems.add("--separator \"%s\": give one character, or tab".formatted(separator));
      return Optional.empty();
    }
    return Optional.of(character.charAt(0));
  }

  private Map<Column, String> columns(Problems problems) {
    Map<Column, String> named = new EnumMap<>(Column.class);
    for (String pair : columns) {
      int equals = pair.indexOf('=');
      Column column = Column.named(pair.substring(0, Math.max(equals, 0)).strip());
      String name = pair.substring(equals + 1).strip();
      if (equals < 0 || column == null || name.isEmpty()) {
        problems.add(
            "--columns \"%s\": write it as origin=from_zip; the columns are %s"
                .formatted(
                    pair,
                    Arrays.stream(Column.values())
                        .map(Column::header)
                        .collect(Collectors.joining(", "))));
      } else {
        named.put(column, name);
      }
    }
    return named;
  }
}
