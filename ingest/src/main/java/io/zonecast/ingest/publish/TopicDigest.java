package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowBatch.Kind;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.Utf8Slice;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the topic holds, and which of it the file has named: for each key a {@link KeyDigest} and,
 * in four bytes, the number of its zone and flags and two marks. First it takes the topic's
 * records, in the order of each partition, then the file's rows, in the order of the file; each row
 * learns how it differs from what stands there, and takes its place. Not thread-safe.
 */
final class TopicDigest {
  /** The file has named the key: what stands there is what the file says. */
  private static final int SEEN = 1;

  /** A bad row of the file has this key: what stands there stays. */
  private static final int KEPT = 2;

  private static final int MARK_BITS = 2;

  /** The numbers in a slot: no row under this key; a row that cannot be read; then the texts'. */
  private static final int DELETED = 1;

  private static final int UNREADABLE = 2;
  private static final int FIRST_TEXT = 3;

  /** How a row of the file compares with what stood under its key. */
  enum Verdict {
    ADDED,
    CHANGED,
    REMOVED,
    UNCHANGED,
    REPEATED,
    /** As {@link #CHANGED}, but what stood there came from the file itself. */
    CONTRADICTING
  }

  private final DigestTable table;
  private final KeyDigest keys;
  private final TextIds values;
  private final TextIds.View valueView;
  private final Carriers carriers;
  private final TextIds.View carrierView;
  private final RowDecoder decoder;
  private final RowFields fields = new RowFields();
  private int before = DELETED;
  private long foreignKeys;

  TopicDigest(
      long expectedRows, KeyDigest keys, TextIds values, Carriers carriers, RowDecoder decoder) {
    this.table = new DigestTable(expectedRows);
    this.keys = keys;
    this.values = values;
    this.valueView = values.view();
    this.carriers = carriers;
    this.carrierView = carriers.names().view();
    this.decoder = decoder;
  }

  /**
   * Takes a record of the topic, which replaces what earlier ones of its key said.
   *
   * @throws io.zonecast.schemas.wire.UnknownSchemaIdException if nobody can read the value (yet)
   */
  void record(@Nullable ByteBuffer key, @Nullable ByteBuffer value) {
    if (key == null || !isZoneKey(key)) {
      // Not ours, and no row of a file can ever have it: neither compared nor removed.
      foreignKeys++;
      return;
    }
    byte[] bytes = key.array();
    int offset = key.arrayOffset() + key.position();
    int length = key.remaining();
    int now = value == null ? DELETED : valueId(value);
    int was =
        table.exchange(
                keys.first(bytes, offset, length),
                keys.second(bytes, offset, length),
                now << MARK_BITS)
            >>> MARK_BITS;
    boolean wasLive = was > DELETED;
    if (wasLive != (now != DELETED)) {
      carriers.live(carrierOf(bytes, offset), wasLive ? -1 : 1);
    }
  }

  /**
   * Takes an upsert or a delete of the file.
   *
   * @param carrier the number of its carrier
   * @param value the number of its zone and flags; of no meaning for a delete
   */
  Verdict row(Kind kind, long firstDigest, long secondDigest, int carrier, int value) {
    int after = kind == Kind.UPSERT ? value + FIRST_TEXT : DELETED;
    int state = table.exchange(firstDigest, secondDigest, after << MARK_BITS | SEEN);
    int number = state == DigestTable.ABSENT ? DELETED : state >>> MARK_BITS;
    before = number;
    if ((state & SEEN) != 0) {
      return number == after ? Verdict.REPEATED : Verdict.CONTRADICTING;
    }
    if (number > DELETED && (state & KEPT) == 0) {
      carriers.named(carrier);
    }
    if (number == after) {
      return Verdict.UNCHANGED;
    }
    if (number == DELETED) {
      return Verdict.ADDED;
    }
    return after == DELETED ? Verdict.REMOVED : Verdict.CHANGED;
  }

  /** Takes a rejected row of the file whose key could be read: that key is not removed. */
  void keep(long firstDigest, long secondDigest, int carrier) {
    int state = table.get(firstDigest, secondDigest);
    if (state != DigestTable.ABSENT && (state & (SEEN | KEPT)) == 0) {
      table.exchange(firstDigest, secondDigest, state | KEPT);
      if (state >>> MARK_BITS > DELETED) {
        carriers.named(carrier);
      }
    }
  }

  /**
   * What stood under the key of the {@link #row} taken last, for {@link #valueOf}. Kept so that a
   * plan can say what a change replaces.
   */
  int before() {
    return before;
  }

  /** What {@link #before} stands for; null where there was no row. */
  Change.@Nullable Value valueOf(int number) {
    if (number == DELETED) {
      return null;
    }
    return number == UNREADABLE
        ? new Change.Value("?", "")
        : new Change.Value(values.first(number - FIRST_TEXT), values.second(number - FIRST_TEXT));
  }

  /**
   * Whether the row under this key left the file and is to be removed; said once for each key.
   * Afterwards {@link #before} tells what it was.
   */
  boolean takeRemoved(@Nullable ByteBuffer key) {
    if (key == null || !isZoneKey(key)) {
      return false;
    }
    byte[] bytes = key.array();
    int offset = key.arrayOffset() + key.position();
    int length = key.remaining();
    if (!carriers.losesRows(carrierOf(bytes, offset))) {
      return false;
    }
    long first = keys.first(bytes, offset, length);
    long second = keys.second(bytes, offset, length);
    int state = table.get(first, second);
    before = state >>> MARK_BITS;
    if (before <= DELETED || (state & (SEEN | KEPT)) != 0) {
      return false;
    }
    table.exchange(first, second, state | SEEN);
    return true;
  }

  /** How many records had a key that is no zone's; nothing is ever done to them. */
  long foreignKeys() {
    return foreignKeys;
  }

  /** The bytes that the table takes. */
  long allocatedBytes() {
    return table.allocatedBytes();
  }

  private int valueId(ByteBuffer value) {
    try {
      decoder.decode(value, fields);
    } catch (UndecodableValueException e) {
      // Equal to no row of a file: the next publish that has the key writes it anew.
      return UNREADABLE;
    }
    Utf8Slice zone = fields.zone();
    Utf8Slice flags = fields.flags();
    return FIRST_TEXT
        + valueView.idOf(
            zone.array(),
            zone.offset(),
            zone.length(),
            flags.array(),
            flags.offset(),
            flags.length());
  }

  private int carrierOf(byte[] key, int offset) {
    int end = offset;
    while (key[end] != ':') {
      end++;
    }
    return carrierView.idOf(key, offset, end - offset);
  }

  private static boolean isZoneKey(ByteBuffer key) {
    return ZoneKey.isValid(key.array(), key.arrayOffset() + key.position(), key.remaining());
  }
}
