package io.zonecast.ingest.publish;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for distinct texts, counted from 0, so that four bytes stand for a zone and its flags,
 * exactly, and lead back to them. A table has a few dozen of them (the USPS matrix 37), however
 * many rows it has. A text has two parts, since the same characters cut elsewhere are another zone.
 *
 * <p>Thread-safe; a thread with many texts asks through a {@link View} of its own.
 */
final class TextIds {
  private final Map<Text, Integer> ids = new HashMap<>();
  private final List<Text> texts = new ArrayList<>();

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

  private synchronized int idOf(Text text) {
    Integer known = ids.get(text);
    if (known != null) {
      return known;
    }
    int id = texts.size();
    ids.put(text, id);
    texts.add(text);
    return id;
  }

  /** Remembers numbers without locks or allocation; belongs to one thread. */
  final class View {
    private static final int REMEMBERED = 1 << 10;

    private final Text[] remembered = new Text[REMEMBERED];
    private final int[] rememberedIds = new int[REMEMBERED];

    private View() {}

    /** Returns the number of a text of one part. */
    int idOf(byte[] text, int offset, int length) {
      return idOf(text, offset, length, text, offset, 0);
    }

    /** Returns the number of a text of two parts. */
    int idOf(
        byte[] first,
        int firstOffset,
        int firstLength,
        byte[] second,
        int secondOffset,
        int secondLength) {
      int hash = firstLength;
      for (int i = firstOffset; i < firstOffset + firstLength; i++) {
        hash = 31 * hash + first[i];
      }
      for (int i = secondOffset; i < secondOffset + secondLength; i++) {
        hash = 31 * hash + second[i];
      }
      int at = (hash ^ hash >>> 10) & REMEMBERED - 1;
      Text text = remembered[at];
      if (text == null
          || !text.is(first, firstOffset, firstLength, second, secondOffset, secondLength)) {
        text = Text.of(first, firstOffset, firstLength, second, secondOffset, secondLength);
        remembered[at] = text;
        rememberedIds[at] = TextIds.this.idOf(text);
      }
      return rememberedIds[at];
    }
  }

  private static final class Text {
    private final byte[] bytes;
    private final int firstLength;

    private Text(byte[] bytes, int firstLength) {
      this.bytes = bytes;
      this.firstLength = firstLength;
    }

    static Text of(
        byte[] first,
        int firstOffset,
        int firstLength,
        byte[] second,
        int secondOffset,
        int secondLength) {
      byte[] bytes = new byte[firstLength + secondLength];
      System.arraycopy(first, firstOffset, bytes, 0, firstLength);
      System.arraycopy(second, secondOffset, bytes, firstLength, secondLength);
      return new Text(bytes, firstLength);
    }

    boolean is(
        byte[] first,
        int firstOffset,
        int firstLength,
        byte[] second,
        int secondOffset,
        int secondLength) {
      return this.firstLength == firstLength
          && bytes.length == firstLength + secondLength
          && Arrays.equals(bytes, 0, firstLength, first, firstOffset, firstOffset + firstLength)
          && Arrays.equals(
              bytes, firstLength, bytes.length, second, secondOffset, secondOffset + secondLength);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Text text
          && text.firstLength == firstLength
          && Arrays.equals(text.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(bytes) + firstLength;
    }
  }
}
