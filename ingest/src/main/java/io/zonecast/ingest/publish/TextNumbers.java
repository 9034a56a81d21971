package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.schemas.ZoneText;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.Utf8Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Numbers for distinct texts, counted from 0, so that four bytes stand for a zone, its flags and
 * its effective date, exactly, and lead back to them. A table has a few dozen of them (the USPS
 * matrix 37), however many rows it has. A text has two parts, since the same characters cut
 * elsewhere are another zone.
 *
 * <p>The date takes no part in a comparison: {@link #undated} leads to the number of the same text
 * without one.
 *
 * <p>Thread-safe; a thread with many texts asks through a {@link View} of its own.
 */
final class TextNumbers {
  /** Far beyond any table's, and some 150 MB: who has as many reads no table. */
  static final int MOST = 1_000_000;

  /** Stands for all texts beyond those that are told apart. */
  static final int NONE = -1;

  private final String what;
  private final int most;
  private final boolean open;
  private final Map<Text, Integer> ids = new HashMap<>();
  private final List<Text> texts = new ArrayList<>();
  private final List<Integer> undated = new ArrayList<>();

  /**
   * @param what the texts are, in the plural, for the message that there are too many
   */
  TextNumbers(String what) {
    this(what, MOST, false);
  }

  TextNumbers(String what, int most) {
    this(what, most, false);
  }

  private TextNumbers(String what, int most, boolean open) {
    this.what = what;
    this.most = most;
    this.open = open;
  }

  /** Numbers for the first {@code most} texts; all others share {@link #NONE}. */
  static TextNumbers open(String what, int most) {
    return new TextNumbers(what, most, true);
  }

  /** A thread's way to the numbers, which remembers those it met lately. */
  View view() {
    return new View();
  }

  synchronized String first(int id) {
    Text text = texts.get(id);
    return new String(text.bytes, 0, text.firstLength, StandardCharsets.UTF_8);
  }

  synchronized String second(int id) {
    Text text = texts.get(id);
    return new String(
        text.bytes, text.firstLength, text.bytes.length - text.firstLength, StandardCharsets.UTF_8);
  }

  /** The number of the same text without its date. */
  synchronized int undated(int id) {
    return undated.get(id);
  }

  /** Points the zone, flags and date of {@code fields} at a text. */
  synchronized void pointAt(int id, RowFields fields) {
    Text text = texts.get(id);
    int flagsLength = text.bytes.length - text.firstLength;
    fields.zone().set(text.bytes, 0, text.firstLength);
    if (flagsLength == 0) {
      fields.flags().setNull();
    } else {
      fields.flags().set(text.bytes, text.firstLength, flagsLength);
    }
    if (text.epochDay == RowChunk.UNDATED) {
      fields.undated();
    } else {
      fields.date(text.epochDay);
    }
  }

  private synchronized int idOf(Text text) {
    Integer known = ids.get(text);
    if (known != null) {
      return known;
    }
    // Before its own: a number is given to each text in turn.
    int plain =
        text.epochDay == RowChunk.UNDATED
            ? texts.size()
            : idOf(new Text(text.bytes, text.firstLength, RowChunk.UNDATED));
    int id = texts.size();
    if (id == most && open) {
      return NONE;
    }
    if (id == most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "file and topic have more than %,d different %s, one of them %s; check that each"
                  + " column is under its header: a table has a few dozen",
              most,
              what,
              ZoneText.quote(text.bytes, 0, text.bytes.length)));
    }
    ids.put(text, id);
    texts.add(text);
    undated.add(plain);
    return id;
  }

  /** Remembers numbers without locks or allocation; belongs to one thread. */
  final class View {
    /** A thousand prefixes fall on places of their own, nearly all of them. */
    private static final int REMEMBERED = 1 << 14;

    private final Text[] remembered = new Text[REMEMBERED];
    private final int[] rememberedIds = new int[REMEMBERED];

    private View() {}

    /**
     * Returns the number of a text of one part.
     *
     * @throws IllegalArgumentException if it is one text too many; the message says what to do
     */
    int idOf(byte[] text, int offset, int length) {
      return idOf(text, offset, length, text, offset, 0, RowChunk.UNDATED);
    }

    /** The number of the zone, flags and date of {@code fields}. */
    int idOf(RowFields fields) {
      Utf8Slice zone = fields.zone();
      Utf8Slice flags = fields.flags();
      return idOf(
          zone.array(),
          zone.offset(),
          zone.length(),
          flags.array(),
          flags.offset(),
          flags.length(),
          fields.dated() ? fields.effectiveEpochDay() : RowChunk.UNDATED);
    }

    /**
     * As {@link #idOf(byte[], int, int)}, of a text of two parts.
     *
     * @param epochDay its date, or {@link RowChunk#UNDATED}
     */
    int idOf(
        byte[] first,
        int firstOffset,
        int firstLength,
        byte[] second,
        int secondOffset,
        int secondLength,
        int epochDay) {
      int hash = firstLength;
      for (int i = firstOffset; i < firstOffset + firstLength; i++) {
        hash = 31 * hash + first[i];
      }
      for (int i = secondOffset; i < secondOffset + secondLength; i++) {
        hash = 31 * hash + second[i];
      }
      int at = (hash ^ hash >>> 14) & REMEMBERED - 1;
      Text text = remembered[at];
      if (text == null
          || !text.is(
              first, firstOffset, firstLength, second, secondOffset, secondLength, epochDay)) {
        text =
            Text.of(first, firstOffset, firstLength, second, secondOffset, secondLength, epochDay);
        remembered[at] = text;
        rememberedIds[at] = TextNumbers.this.idOf(text);
      }
      return rememberedIds[at];
    }
  }

  private static final class Text {
    private final byte[] bytes;
    private final int firstLength;
    private final int epochDay;

    private Text(byte[] bytes, int firstLength, int epochDay) {
      this.bytes = bytes;
      this.firstLength = firstLength;
      this.epochDay = epochDay;
    }

    static Text of(
        byte[] first,
        int firstOffset,
        int firstLength,
        byte[] second,
        int secondOffset,
        int secondLength,
        int epochDay) {
      byte[] bytes = new byte[firstLength + secondLength];
      System.arraycopy(first, firstOffset, bytes, 0, firstLength);
      System.arraycopy(second, secondOffset, bytes, firstLength, secondLength);
      return new Text(bytes, firstLength, epochDay);
    }

    boolean is(
        byte[] first,
        int firstOffset,
        int firstLength,
        byte[] second,
        int secondOffset,
        int secondLength,
        int epochDay) {
      return this.firstLength == firstLength
          && this.epochDay == epochDay
          && bytes.length == firstLength + secondLength
          && Arrays.equals(bytes, 0, firstLength, first, firstOffset, firstOffset + firstLength)
          && Arrays.equals(
              bytes, firstLength, bytes.length, second, secondOffset, secondOffset + secondLength);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Text text
          && text.firstLength == firstLength
          && text.epochDay == epochDay
          && Arrays.equals(text.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(bytes) + firstLength) + epochDay;
    }
  }
}
