package io.zonecast.ingest.publish;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One difference between a file and the topic.
 *
 * @param key the pair's key, as {@code usps:005:010}
 * @param before what the topic says; empty where it has no such row
 * @param after what it will say; empty where the row is removed
 */
public record Change(String key, Optional<Value> before, Optional<Value> after) {

  /**
   * The part of a row that is compared.
   *
   * @param flags empty where there are none
   */
  public record Value(String zone, String flags) {
    /** Stands for a value that cannot be read. */
    static final Value UNREADABLE = new Value("?", "");

    /** What a number of {@link DigestBlock#value} stands for; empty for no row. */
    static Optional<Value> of(int number, TextNumbers contents) {
      if (number == DigestBlock.NO_VALUE) {
        return Optional.empty();
      }
      return Optional.of(
          number == DigestBlock.UNREADABLE_VALUE
              ? UNREADABLE
              : new Value(contents.first(number), contents.second(number)));
    }

    public Value {
      requireNonNull(zone, "zone");
      requireNonNull(flags, "flags");
    }

    /** The zone, and the flags behind it if there are any: {@code 5}, {@code 5 *}. */
    @Override
    public String toString() {
      return flags.isEmpty() ? zone : zone + " " + flags;
    }
  }

  /** In what way they differ. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  public Change {
    requireNonNull(key, "key");
    if (before.isEmpty() && after.isEmpty()) {
      throw new IllegalArgumentException(key + ": neither before nor after, which is no change");
    }
  }

  public Kind kind() {
    if (before.isEmpty()) {
      return Kind.ADDED;
    }
    return after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
  }

  /** The change on one line: {@code usps:005:010 2 → 3}, with {@code -} for no row. */
  @Override
  public String toString() {
    return key + " " + text(before) + " → " + text(after);
  }

  private static String text(Optional<Value> value) {
    return value.map(Value::toString).orElse("-");
  }
}
