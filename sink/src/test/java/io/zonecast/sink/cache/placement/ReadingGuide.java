package io.zonecast.sink.cache.placement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/reading.md} as tests see it: the programs that it gives to readers, and its table. A
 * program is a code block after a comment {@code reader: NAME; placement: P; prefix: X}, or after
 * several; what goes before it in another file is a code block after {@code settings: NAME}.
 */
final class ReadingGuide {
  private static final Path PAGE = Path.of("..", "docs", "reading.md");
  private static final String ONE_NODE = "one node";
  private static final Pattern PROGRAM =
      Pattern.compile(
          "<!-- reader: (?<name>[^;]+); placement: (?<placement>[^;]+); prefix: (?<prefix>\\S+)"
              + " -->\n(?=(<!--[^\n]*-->\n)*```(?<language>\\w+)\n(?<code>.*?)```)",
          Pattern.DOTALL);
  private static final Pattern SETTINGS =
      Pattern.compile("<!-- settings: (?<name>.+?) -->\n```\\w+\n(?<code>.*?)```", Pattern.DOTALL);
  private static final Pattern TABLE =
      Pattern.compile("<!-- table -->\n(?<rows>.*?)<!-- end of table -->", Pattern.DOTALL);

  /** One program of the page, with what the sink needs to be told for it. */
  record Reader(
      String name,
      String placement,
      String keyPrefix,
      String language,
      String settings,
      String code) {

    boolean readsOneNode() {
      return placement.equals(ONE_NODE);
    }

    PlacementScheme scheme() {
      return readsOneNode() ? PlacementScheme.MODULO : PlacementScheme.parse(placement);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Reader> readers;
  private final String table;

  private ReadingGuide(List<Reader> readers, String table) {
    this.readers = readers;
    this.table = table;
  }

  static ReadingGuide read() throws IOException {
    String page = Files.readString(PAGE);
    Map<String, String> settings = new HashMap<>();
    for (Matcher found = SETTINGS.matcher(page); found.find(); ) {
      settings.put(found.group("name"), found.group("code"));
    }
    List<Reader> readers = new ArrayList<>();
    for (Matcher found = PROGRAM.matcher(page); found.find(); ) {
      readers.add(
          new Reader(
              found.group("name"),
              found.group("placement"),
              found.group("prefix"),
              found.group("language"),
              settings.getOrDefault(found.group("name"), ""),
              found.group("code")));
    }
    Matcher table = TABLE.matcher(page);
    if (!table.find()) {
      throw new IOException(PAGE + " has no table between its two comments");
    }
    return new ReadingGuide(List.copyOf(readers), table.group("rows"));
  }

  List<Reader> readers() {
    return readers;
  }

  /** The table's lines, head included. */
  List<String> tableLines() {
    return table.lines().filter(line -> !line.isBlank()).toList();
  }
}
