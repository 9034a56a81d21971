package io.zonecast.ingest.source;

import java.util.Locale;
import java.util.Set;

/**
 * What the user says about the rows of a file.
 *
 * @param padPrefixes how long a prefix of digits is made by zeros in front of it; 0 to leave it
 * @param allowedWords texts that are accepted although they look like none, in lower case
 */
public record RowOptions(int padPrefixes, Set<String> allowedWords) {
  /** Nothing said. */
  public static final RowOptions NONE = new RowOptions(0, Set.of());

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException naming the option and the value
   */
  public RowOptions {
    if (padPrefixes < 0 || padPrefixes > CodeRange.MOST_DIGITS) {
      throw new IllegalArgumentException(
          "--pad-prefixes "
              + padPrefixes
              + ": a prefix has 1 to "
              + CodeRange.MOST_DIGITS
              + " digits");
    }
    allowedWords =
        Set.copyOf(allowedWords.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList());
  }

  boolean allows(String text) {
    return allowedWords.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Whether a code that looks like a range is said to be a name, and so all such codes are. */
  boolean rangesAreNames() {
    return allowedWords.stream().anyMatch(CodeRange::isOne);
  }
}
