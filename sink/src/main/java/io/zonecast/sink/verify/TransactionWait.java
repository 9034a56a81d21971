package io.zonecast.sink.verify;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits until committed records can be read up to given offsets: as long as a transaction is open,
 * no record behind its first one is given out.
 *
 * @param stableEnds asks how far committed records can be read, by partition
 * @param holders asks whose transactions hold partitions back; empty if the brokers do not tell
 */
record TransactionWait(
    Supplier<Map<Integer, Long>> stableEnds,
    Function<List<Integer>, String> holders,
    Consumer<String> say,
    LongSupplier nanoTime,
    Sleeper sleeper) {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  static final Duration SAY_AFTER = Duration.ofSeconds(2);

  /** How long brokers let a transaction stay open by default. */
  static final Duration GIVE_UP_AFTER = Duration.ofMinutes(15);

  /** Lets time pass. */
  interface Sleeper {
    void sleep(long millis) throws InterruptedException;
  }

  /**
   * The partitions that are still held back.
   *
   * @param ends how far each of them can be read
   */
  record Held(Map<Integer, Long> ends, String why) {}

  /** Waits for these ends, a quarter of an hour at most; none is held back in the end, usually. */
  Held await(Map<Integer, Long> ends) throws InterruptedException {
    long start = nanoTime.getAsLong();
    String said = "";
    while (true) {
      Map<Integer, Long> held = stableEnds.get();
      held.entrySet().removeIf(end -> end.getValue() >= ends.getOrDefault(end.getKey(), 0L));
      long waited = nanoTime.getAsLong() - start;
      if (held.isEmpty() || waited >= GIVE_UP_AFTER.toNanos()) {
        return new Held(held, held.isEmpty() ? "" : why(held));
      }
      if (said.isEmpty() && waited >= SAY_AFTER.toNanos()) {
        said = "partitions %s: %s".formatted(held.keySet(), why(held));
        say.accept(said);
      }
      sleeper.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  private String why(Map<Integer, Long> held) {
    String who = holders.apply(List.copyOf(held.keySet()));
    return "held back by an open transaction of "
        + (who.isEmpty() ? "a producer that the brokers do not name" : who);
  }
}
