package io.zonecast.ingest.publish;

import io.zonecast.ingest.publish.CarrierCodes.Form;
import io.zonecast.ingest.source.RowChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Notices what a spreadsheet does to a whole column: codes that lost their leading zeros, and zones
 * that became decimal numbers. Other codes of an unusual form are only mentioned. Takes the topic's
 * rows first, then those of the file that change the topic. Not thread-safe.
 */
final class ShapeGuard {
  private static final int EXAMPLES = 3;

  /** A carrier's zones are whole if no more of its rows than this have a decimal one. */
  private static final int FEW_PERCENT = 5;

  private static final Pattern DECIMAL = Pattern.compile("\\d+\\.\\d+");
  private static final byte ASKED = 1;
  private static final byte IS_DECIMAL = 2;

  private final CarrierCodes codes;
  private final TextNumbers values;
  private final Map<Integer, Zones> zones = new HashMap<>();
  private int lastCarrier = -1;
  private Zones lastZones = new Zones();
  private byte[] decimals = new byte[64];

  /** Of each code that the file brings: how many rows it has, and the line of the first. */
  private int[] rows = new int[1024];

  private int[] lines = new int[1024];
  private int[] carriers = new int[1024];
  private int known;

  /** A carrier's rows with decimal zones, in the topic and in the file. */
  private static final class Zones {
    private long inTopic;
    private long inTopicDecimal;
    private long inFile;
    private long inFileDecimal;
    private final List<String> examples = new ArrayList<>();

    boolean areWhole() {
      long all = inTopic > 0 ? inTopic : inFile;
      long decimal = inTopic > 0 ? inTopicDecimal : inFileDecimal;
      return decimal * 100 <= all * FEW_PERCENT;
    }
  }

  ShapeGuard(CarrierCodes codes, TextNumbers values) {
    this.codes = codes;
    this.values = values;
  }

  /**
   * The topic has rows more of a carrier with this zone, or fewer.
   *
   * @param value the zone's number; negative if it cannot be read
   */
  void inTopic(int carrier, int value, int by) {
    Zones its = zonesOf(carrier);
    its.inTopic += by;
    its.inTopicDecimal += isDecimal(value) ? by : 0;
  }

  /** A row of the file is added to the topic, or changes its zone. */
  void row(RowChunk chunk, int row, DigestBlock block, boolean added) {
    int carrier = block.carrier(row);
    if (added) {
      brings(block.origin(row), carrier, chunk.line(row));
      brings(block.destination(row), carrier, chunk.line(row));
    }
    Zones its = zonesOf(carrier);
    its.inFile++;
    if (isDecimal(block.value(row))) {
      its.inFileDecimal++;
      if (its.examples.size() < EXAMPLES) {
        its.examples.add("line %d %s".formatted(chunk.line(row), chunk.zoneText(row)));
      }
    }
  }

  /** Rows of a carrier come one after the other. */
  private Zones zonesOf(int carrier) {
    if (carrier != lastCarrier) {
      lastCarrier = carrier;
      lastZones = zones.computeIfAbsent(carrier, each -> new Zones());
    }
    return lastZones;
  }

  private void brings(int code, int carrier, long line) {
    if (codes.isLive(code)) {
      return;
    }
    if (code >= rows.length) {
      int capacity = Math.max(2 * rows.length, code + 1);
      rows = Arrays.copyOf(rows, capacity);
      lines = Arrays.copyOf(lines, capacity);
      carriers = Arrays.copyOf(carriers, capacity);
    }
    if (rows[code]++ == 0) {
      lines[code] = (int) line;
      carriers[code] = carrier;
    }
    known = Math.max(known, code + 1);
  }

  private boolean isDecimal(int value) {
    if (value < 0) {
      return false;
    }
    if (value >= decimals.length) {
      decimals = Arrays.copyOf(decimals, Math.max(2 * decimals.length, value + 1));
    }
    if (decimals[value] == 0) {
      boolean decimal = DECIMAL.matcher(values.first(value)).matches();
      decimals[value] = decimal ? IS_DECIMAL : ASKED;
    }
    return decimals[value] == IS_DECIMAL;
  }

  /** Why the file is refused; none if nothing is wrong. */
  List<Refusal> refusals(TextNumbers carrierNames) {
    List<String> refusals = new ArrayList<>();
    inForm(Form.SHORT)
        .forEach(
            (carrier, found) ->
                refusals.add(
                    String.format(
                        Locale.ROOT,
                        "%,d rows of carrier %s have codes of fewer than its usual %d digits (%s):"
                            + " leading zeros lost? Format the column as text, or set"
                            + " --pad-prefixes %d; if the codes are right, set --new-shapes",
                        found.rows,
                        carrierNames.first(carrier),
                        codes.usual(carrier),
                        String.join(", ", found.examples),
                        codes.usual(carrier))));
    zones.forEach(
        (carrier, its) -> {
          if (its.inFileDecimal > 0 && its.areWhole()) {
            refusals.add(
                String.format(
                    Locale.ROOT,
                    "%,d rows of carrier %s have a decimal number for a zone (%s), and its zones"
                        + " are whole: were they written as numbers? Format the column as text; if"
                        + " the zones are right, set --new-shapes",
                    its.inFileDecimal,
                    carrierNames.first(carrier),
                    String.join(", ", its.examples)));
          }
        });
    return refusals.stream().map(found -> new Refusal(Refusal.Guard.SHAPES, found)).toList();
  }

  /** What is worth a look, a line each. */
  List<String> notes(TextNumbers carrierNames) {
    List<String> notes = new ArrayList<>();
    inForm(Form.OTHER)
        .forEach(
            (carrier, found) ->
                notes.add(
                    String.format(
                        Locale.ROOT,
                        "%,d rows of carrier %s have codes that are not of its usual %d digits"
                            + " (%s)",
                        found.rows,
                        carrierNames.first(carrier),
                        codes.usual(carrier),
                        String.join(", ", found.examples))));
    return notes;
  }

  private static final class Found {
    private long rows;
    private final List<String> examples = new ArrayList<>();
  }

  /** What the file brings in a form, by carrier. */
  private Map<Integer, Found> inForm(Form form) {
    Map<Integer, Found> found = new TreeMap<>();
    for (int code = 0; code < known; code++) {
      if (rows[code] > 0 && codes.form(carriers[code], code) == form) {
        Found its = found.computeIfAbsent(carriers[code], each -> new Found());
        its.rows += rows[code];
        if (its.examples.size() < EXAMPLES) {
          its.examples.add("line %d %s".formatted(lines[code], codes.names().second(code)));
        }
      }
    }
    return found;
  }
}
