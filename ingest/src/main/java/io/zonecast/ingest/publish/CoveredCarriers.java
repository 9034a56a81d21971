package io.zonecast.ingest.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Counts by carrier and by origin, from which the number of removed rows is known before the first
 * of them is found: those that the topic has, less those that the file names. Only {@link #names}
 * is thread-safe.
 */
final class CoveredCarriers {
  private static final int ZIP_DIGITS = 5;

  private final TextNumbers names = new TextNumbers("carriers");
  private final CarrierCodes codes;
  private final Rows ofCarriers = new Rows();
  private final Rows ofOrigins = new Rows();
  private final BitSet covered = new BitSet();

  /** The origins that charts cover, by carrier. */
  private final Map<Integer, BitSet> coveredOrigins = new HashMap<>();

  private final BitSet mentioned = new BitSet();
  private final BitSet withheld = new BitSet();
  private boolean allWithheld;

  /** Which codes have been looked at, and which of them have five digits. */
  private final BitSet lookedAt = new BitSet();

  private final BitSet zips = new BitSet();

  /** How many rows the topic has under a number, those to five digits counted once more. */
  private static final class Rows {
    private long[] live = new long[16];
    private long[] named = new long[16];
    private long[] changed = new long[8];

    void live(int number, boolean zip, int by) {
      grow(number);
      live[2 * number] += by;
      live[2 * number + 1] += zip ? by : 0;
    }

    void named(int number, boolean zip) {
      grow(number);
      named[2 * number]++;
      named[2 * number + 1] += zip ? 1 : 0;
    }

    void changed(int number, int by) {
      grow(number);
      changed[number] += by;
    }

    private void grow(int number) {
      if (2 * number + 1 >= live.length) {
        live = Arrays.copyOf(live, 4 * number + 2);
        named = Arrays.copyOf(named, 4 * number + 2);
        changed = Arrays.copyOf(changed, 2 * number + 1);
      }
    }
  }

  CoveredCarriers(CarrierCodes codes) {
    this.codes = codes;
  }

  /** The carriers' numbers. */
  TextNumbers names() {
    return names;
  }

  /** The topic has {@code rows} more rows under the key of a row, or fewer. */
  void live(DigestBlock block, int row, int rows) {
    boolean zip = isZip(block.destination(row));
    ofCarriers.live(block.carrier(row), zip, rows);
    if (block.origin(row) >= 0) {
      ofOrigins.live(block.origin(row), zip, rows);
    }
  }

  /** How many rows the topic has. */
  long rows() {
    long rows = 0;
    for (int carrier = 0; carrier < ofCarriers.live.length / 2; carrier++) {
      rows += ofCarriers.live[2 * carrier];
    }
    return rows;
  }

  /** The file has named a row that the topic has. */
  void named(DigestBlock block, int row) {
    boolean zip = isZip(block.destination(row));
    ofCarriers.named(block.carrier(row), zip);
    if (block.origin(row) >= 0) {
      ofOrigins.named(block.origin(row), zip);
    }
  }

  /** The file changes rows more that the topic has, or fewer. */
  void changed(DigestBlock block, int row, int rows) {
    ofCarriers.changed(block.carrier(row), rows);
    if (block.origin(row) >= 0) {
      ofOrigins.changed(block.origin(row), rows);
    }
  }

  /** Whether a code has five digits. */
  boolean isZip(int destination) {
    if (destination < 0) {
      return false;
    }
    if (!lookedAt.get(destination)) {
      lookedAt.set(destination);
      zips.set(destination, codes.digits(destination) == ZIP_DIGITS);
    }
    return zips.get(destination);
  }

  /** The file is the whole table of the carrier: what it does not name is removed. */
  void cover(int carrier) {
    covered.set(carrier);
  }

  /** The file is the whole table of the carrier from one origin. */
  void cover(int carrier, int origin) {
    BitSet its = coveredOrigins.computeIfAbsent(carrier, each -> new BitSet());
    if (origin >= 0) {
      its.set(origin);
    }
  }

  /** A file of changes has a row of the carrier. */
  void mention(int carrier) {
    mentioned.set(carrier);
  }

  /** The carriers of the file's rows, in alphabetical order. */
  List<String> ofTheFile() {
    return IntStream.concat(covers(), mentioned.stream())
        .distinct()
        .mapToObj(names::first)
        .sorted()
        .toList();
  }

  private IntStream covers() {
    return IntStream.concat(
            covered.stream(), coveredOrigins.keySet().stream().mapToInt(Integer::intValue))
        .distinct();
  }

  /** Some row of the carrier may be in the file, and cannot be read: none is removed. */
  void withhold(int carrier) {
    withheld.set(carrier);
  }

  /** As {@link #withhold(int)}, where not even the carrier of a row can be read. */
  void withholdAll() {
    allWithheld = true;
  }

  /** Whether rows of the carrier from this origin that the file does not name are removed. */
  boolean losesRows(int carrier, int origin) {
    return !withheld(carrier)
        && (covered.get(carrier)
            || (origin >= 0 && coveredOrigins.getOrDefault(carrier, new BitSet()).get(origin)));
  }

  /** What the file means for each carrier that it has rows of. */
  List<CarrierChange> changes() {
    List<CarrierChange> changes = new ArrayList<>();
    IntStream.concat(covers(), mentioned.stream())
        .distinct()
        .forEach(carrier -> changes.add(change(carrier)));
    changes.sort(Comparator.comparing(CarrierChange::carrier));
    return changes;
  }

  private CarrierChange change(int carrier) {
    if (covered.get(carrier) || mentioned.get(carrier)) {
      return change(carrier, List.of(), ofCarriers, new int[] {carrier});
    }
    int[] origins = coveredOrigins.getOrDefault(carrier, new BitSet()).stream().toArray();
    List<String> texts =
        Arrays.stream(origins).mapToObj(origin -> codes.names().second(origin)).sorted().toList();
    return change(carrier, texts, ofOrigins, origins);
  }

  private CarrierChange change(int carrier, List<String> origins, Rows rows, int[] numbers) {
    long live = 0;
    long changed = 0;
    long gone = 0;
    long zipsLive = 0;
    long zipsGone = 0;
    for (int number : numbers) {
      rows.grow(number);
      live += rows.live[2 * number];
      changed += rows.changed[number];
      gone += rows.live[2 * number] - rows.named[2 * number];
      zipsLive += rows.live[2 * number + 1];
      zipsGone += rows.live[2 * number + 1] - rows.named[2 * number + 1];
    }
    boolean keepsThem = withheld(carrier) && gone > 0;
    boolean keeps = keepsThem || mentioned.get(carrier);
    return new CarrierChange(
        names.first(carrier),
        origins,
        live,
        changed,
        keeps ? 0 : gone,
        keepsThem && !mentioned.get(carrier),
        !keeps && zipsLive > 0 && zipsGone == zipsLive ? zipsLive : 0);
  }

  private boolean withheld(int carrier) {
    return allWithheld || withheld.get(carrier);
  }
}
