package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the topic holds, and which of it the file has named: for each key a {@link KeyDigest}, the
 * number of its zone and flags, and two marks. First it takes the topic's records, in the order of
 * each partition, then the file's rows, in the order of the file; each row learns how it differs
 * from what the topic has, which stays known beside what the file makes of it. Not thread-safe.
 */
final class TopicDigest {
  /** The file has named the key: what stands there is what the file says. */
  private static final int SEEN = 1;

  /** A bad row of the file has this key: what stands there stays. */
  private static final int KEPT = 2;

  private static final int MARK_BITS = 2;

  /**
   * The numbers in a slot: no row under this key; a row that cannot be read; then the texts'; then
   * those of changes, each of what the topic has and what the file makes of it.
   */
  private static final int DELETED = 1;

  private static final int UNREADABLE = 2;
  private static final int FIRST_TEXT = 3;
  private static final int FIRST_CHANGE = FIRST_TEXT + TextNumbers.MOST;

  /** How many digests are touched before they are asked for: their memory fits a core's cache. */
  private static final int TOUCHED_TOGETHER = 256;

  /** How a row of the file compares with what the topic has under its key. */
  enum Verdict {
    ADDED,
    CHANGED,
    REMOVED,
    UNCHANGED,
    REPEATED
  }

  private final DigestTable table = new DigestTable();
  private final TextNumbers values = new TextNumbers("zones with their flags");
  private final CarrierCodes codes = new CarrierCodes();
  private final CoveredCarriers carriers = new CoveredCarriers(codes);
  private final ShapeGuard shapes = new ShapeGuard(codes, values);
  private final Map<Long, Integer> changeNumbers = new HashMap<>();
  private final List<Long> changes = new ArrayList<>();
  private int before = DELETED;
  private @Nullable Verdict superseded;

  /** Of each number, that of the same text without a date; 0 where it was not asked for yet. */
  private int[] undated = new int[64];

  private long touched;

  /** The numbers of zones with their flags. */
  TextNumbers values() {
    return values;
  }

  /** How many rows each carrier has. */
  CoveredCarriers carriers() {
    return carriers;
  }

  /** The codes that rows have. */
  CarrierCodes codes() {
    return codes;
  }

  /** What zones and codes look like. */
  ShapeGuard shapes() {
    return shapes;
  }

  /** Takes records of the topic, which replace what earlier ones of their keys said. */
  void records(DigestBlock block) {
    for (int row = 0; row < block.size(); row++) {
      touchAhead(block, row);
      int now = number(block, row);
      int was = table.exchange(block.firstDigest(row), block.secondDigest(row), now << MARK_BITS);
      int before = was == DigestTable.ABSENT ? DELETED : was >>> MARK_BITS;
      if (before != now) {
        zone(block.carrier(row), before, -1);
        zone(block.carrier(row), now, 1);
      }
      boolean wasLive = isLive(was);
      boolean isLive = now != DELETED;
      if (wasLive != isLive) {
        int by = isLive ? 1 : -1;
        carriers.live(block, row, by);
        codes.live(block.carrier(row), block.origin(row), block.destination(row), by);
      }
    }
  }

  private void zone(int carrier, int number, int by) {
    if (number != DELETED) {
      shapes.inTopic(carrier, number - FIRST_TEXT, by);
    }
  }

  /** Whether the topic has, or the file has given, exactly this row. */
  boolean holds(DigestBlock block, int row) {
    int standing = standing(table.get(block.firstDigest(row), block.secondDigest(row)));
    return undated(standing) == number(block, row);
  }

  private int standing(int state) {
    int number = state == DigestTable.ABSENT ? DELETED : state >>> MARK_BITS;
    return number >= FIRST_CHANGE ? changes.get(number - FIRST_CHANGE).intValue() : number;
  }

  /**
   * What will stand under a key once the difference is published: the number of a text, {@link
   * DigestBlock#NO_VALUE} or {@link DigestBlock#UNREADABLE_VALUE}.
   *
   * @param losesRows whether rows like it are removed where the file does not name them
   */
  int afterwards(long first, long second, boolean losesRows) {
    int state = table.get(first, second);
    return (state & (SEEN | KEPT)) == 0 && losesRows
        ? DigestBlock.NO_VALUE
        : value(standing(state));
  }

  private static int value(int number) {
    if (number == DELETED) {
      return DigestBlock.NO_VALUE;
    }
    return number == UNREADABLE ? DigestBlock.UNREADABLE_VALUE : number - FIRST_TEXT;
  }

  /** Takes an upsert or a delete of the file; rows of a block are taken in their order. */
  Verdict row(DigestBlock block, int row) {
    touchAhead(block, row);
    long first = block.firstDigest(row);
    long second = block.secondDigest(row);
    int after = number(block, row);
    int state = table.get(first, second);
    int standing = state == DigestTable.ABSENT ? DELETED : state >>> MARK_BITS;
    boolean seen = (state & SEEN) != 0;
    before = standing;
    if (standing >= FIRST_CHANGE) {
      long change = changes.get(standing - FIRST_CHANGE);
      before = (int) (change >>> Integer.SIZE);
      standing = (int) change;
    }
    superseded = null;
    if (seen && undated(standing) == after) {
      return Verdict.REPEATED;
    }
    if (!seen && isLive(state) && (state & KEPT) == 0) {
      carriers.named(block, row);
    }
    table.exchange(first, second, changeNumber(before, after) << MARK_BITS | SEEN);
    if (seen) {
      superseded = compare(before, standing);
    }
    return compare(before, after);
  }

  /**
   * How an earlier row of the file compared that the row taken last contradicts; null if it
   * contradicts none.
   */
  @Nullable Verdict superseded() {
    return superseded;
  }

  /** Zones and flags are compared; the topic's dates take no part. */
  private Verdict compare(int before, int after) {
    if (undated(before) == undated(after)) {
      return Verdict.UNCHANGED;
    }
    if (before == DELETED) {
      return Verdict.ADDED;
    }
    return after == DELETED ? Verdict.REMOVED : Verdict.CHANGED;
  }

  private int undated(int number) {
    if (number < FIRST_TEXT) {
      return number;
    }
    int id = number - FIRST_TEXT;
    if (id >= undated.length) {
      undated = Arrays.copyOf(undated, 2 * id);
    }
    if (undated[id] == 0) {
      undated[id] = FIRST_TEXT + values.undated(id);
    }
    return undated[id];
  }

  /** Tables have few zones, and so few changes from one to another. */
  private int changeNumber(int from, int to) {
    if (undated(from) == to) {
      return from;
    }
    long change = (long) from << Integer.SIZE | to;
    Integer number = changeNumbers.get(change);
    if (number == null) {
      number = FIRST_CHANGE + changes.size();
      changes.add(change);
      changeNumbers.put(change, number);
    }
    return number;
  }

  /** Takes a rejected row of the file whose key could be read: that key is not removed. */
  void keep(DigestBlock block, int row) {
    touchAhead(block, row);
    long first = block.firstDigest(row);
    long second = block.secondDigest(row);
    int state = table.get(first, second);
    if (state != DigestTable.ABSENT && (state & (SEEN | KEPT)) == 0) {
      table.exchange(first, second, state | KEPT);
      if (isLive(state)) {
        carriers.named(block, row);
      }
    }
  }

  /**
   * Whether the row under the key of this record left the file and is to be removed; said once for
   * each key. Afterwards {@link #before} tells what it was.
   */
  boolean takeRemoved(DigestBlock block, int row) {
    touchAhead(block, row);
    if (!carriers.losesRows(block.carrier(row), block.origin(row))) {
      return false;
    }
    long first = block.firstDigest(row);
    long second = block.secondDigest(row);
    int state = table.get(first, second);
    if (!isLive(state) || (state & (SEEN | KEPT)) != 0) {
      return false;
    }
    before = state >>> MARK_BITS;
    table.exchange(first, second, state | SEEN);
    return true;
  }

  /**
   * What the topic has under the key that was taken last: the number of a text, {@link
   * DigestBlock#NO_VALUE} or {@link DigestBlock#UNREADABLE_VALUE}. Kept so that a plan, and the log
   * of publishes, can say what a change replaces.
   */
  int before() {
    return value(before);
  }

  private void touchAhead(DigestBlock block, int row) {
    if (row % TOUCHED_TOGETHER == 0) {
      int end = Math.min(block.size(), row + TOUCHED_TOGETHER);
      long sum = 0;
      for (int i = row; i < end; i++) {
        sum += table.touch(block.firstDigest(i));
      }
      // Kept, or the compiler would see that nobody wants it.
      touched += sum;
    }
  }

  private static int number(DigestBlock block, int row) {
    if (block.kind(row) != Kind.UPSERT) {
      return DELETED;
    }
    int value = block.value(row);
    return value == DigestBlock.UNREADABLE_VALUE ? UNREADABLE : FIRST_TEXT + value;
  }

  private static boolean isLive(int state) {
    return state >>> MARK_BITS > DELETED;
  }

  @Override
  public String toString() {
    return "TopicDigest(" + table + ", touched " + touched + ")";
  }
}
