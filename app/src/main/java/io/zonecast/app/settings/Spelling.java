package io.zonecast.app.settings;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Guesses which word a misspelt one was meant to be. */
public final class Spelling {
  private Spelling() {}

  /** The word at most a third of its letters away from {@code word}; null if there is none. */
  public static @Nullable String nearest(String word, Set<String> words) {
    return nearest(word, words, word.length() / 3);
  }

  /** The word at most {@code most} letters away from {@code word}; null if there is none. */
  public static @Nullable String nearest(String word, Set<String> words, int most) {
    String nearest = null;
    int fewest = most + 1;
    for (String candidate : words) {
      int edits = edits(word, candidate);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Levenshtein's distance, a row of the table at a time. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
