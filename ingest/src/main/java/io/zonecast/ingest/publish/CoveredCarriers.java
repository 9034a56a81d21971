package io.zonecast.ingest.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts by carrier, from which the number of removed rows is known before the first of them is
 * found: those that the topic has, less those that the file names. Only {@link #names} is
 * thread-safe.
 */
final class CoveredCarriers {
  private static final int FEW = 8;

  private final TextNumbers names = new TextNumbers("carriers");
  private long[] live = new long[FEW];
  private long[] named = new long[FEW];
  private boolean[] covered = new boolean[FEW];
  private boolean[] mentioned = new boolean[FEW];
  private boolean[] withheld = new boolean[FEW];
  private int known;
  private boolean allWithheld;

  /** The carriers' numbers. */
  TextNumbers names() {
    return names;
  }

  /** The topic has {@code rows} more rows of a carrier, or fewer. */
  void live(int carrier, int rows) {
    know(carrier);
    live[carrier] += rows;
  }

  /** The file has named one of the carrier's rows that the topic has. */
  void named(int carrier) {
    know(carrier);
    named[carrier]++;
  }

  /** The file is the whole table of the carrier: what it does not name is removed. */
  void cover(int carrier) {
    know(carrier);
    covered[carrier] = true;
  }

  /** A file of changes has a row of the carrier. */
  void mention(int carrier) {
    know(carrier);
    mentioned[carrier] = true;
  }

  /** The carriers of the file's rows, in alphabetical order. */
  List<String> ofTheFile() {
    return IntStream.range(0, known)
        .filter(carrier -> covered[carrier] || mentioned[carrier])
        .mapToObj(names::first)
        .sorted()
        .toList();
  }

  /** Some row of the carrier may be in the file, and cannot be read: none is removed. */
  void withhold(int carrier) {
    know(carrier);
    withheld[carrier] = true;
  }

  /** As {@link #withhold(int)}, where not even the carrier of a row can be read. */
  void withholdAll() {
    allWithheld = true;
  }

  /** Whether rows of the carrier that the file does not name are removed. */
  boolean losesRows(int carrier) {
    return carrier < known && covered[carrier] && !withheld(carrier);
  }

  /** What the file means for each carrier that it covers. */
  List<CarrierChange> changes() {
    List<CarrierChange> changes = new ArrayList<>();
    for (int carrier = 0; carrier < known; carrier++) {
      if (covered[carrier]) {
        long unnamed = live[carrier] - named[carrier];
        boolean keepsThem = withheld(carrier) && unnamed > 0;
        changes.add(
            new CarrierChange(
                names.first(carrier), live[carrier], keepsThem ? 0 : unnamed, keepsThem));
      }
    }
    changes.sort(Comparator.comparing(CarrierChange::carrier));
    return changes;
  }

  private boolean withheld(int carrier) {
    return allWithheld || withheld[carrier];
  }

  private void know(int carrier) {
    if (carrier >= live.length) {
      int capacity = Math.max(2 * live.length, carrier + 1);
      live = Arrays.copyOf(live, capacity);
      named = Arrays.copyOf(named, capacity);
      covered = Arrays.copyOf(covered, capacity);
      mentioned = Arrays.copyOf(mentioned, capacity);
      withheld = Arrays.copyOf(withheld, capacity);
    }
    known = Math.max(known, carrier + 1);
  }
}
