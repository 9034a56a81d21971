package io.zonecast.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs contestants in turns, so that whatever the machine is up to meets all of them alike.
 *
 * <p>Each run comes after a rest of fixed length: memcached's LRU maintainer goes on working for
 * seconds after a load, and slows down whoever comes next.
 */
public final class Contest {
  private final int rounds;
  private final Duration rest;
  private final Consumer<String> progress;

  /**
   * Makes a contest.
   *
   * @param rounds how often each contestant is measured, beside one round before that warms up
   * @param rest before each run, after its {@link Contestant#prepare}
   */
  public Contest(int rounds, Duration rest, Consumer<String> progress) {
    this.rounds = rounds;
    this.rest = rest;
    this.progress = progress;
  }

  /** Runs them all, in the order given within each round; the results are in that order too. */
  public List<Result> run(List<Contestant> contestants) throws Exception {
    Map<Contestant, List<Measurement>> measured = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Contestant contestant : contestants) {
        Measurement measurement = runOnce(contestant);
        boolean warmUp = round == 0;
        progress.accept(
            "%s %-44s %8.3f s %,12.0f a second"
                .formatted(
                    warmUp ? "warm-up" : "%3d of %d".formatted(round, rounds).trim(),
                    contestant.name(),
                    measurement.seconds(),
                    measurement.rate()));
        if (!warmUp) {
          measured.computeIfAbsent(contestant, it -> new ArrayList<>()).add(measurement);
        }
      }
    }
    return measured.entrySet().stream()
        .map(
            entry ->
                new Result(
                    entry.getKey().name(), entry.getValue(), entry.getKey().extrapolatedTo()))
        .toList();
  }

  private Measurement runOnce(Contestant contestant) throws Exception {
    contestant.prepare();
    // Garbage of the contestant before is not this one's to collect.
    System.gc();
    LockSupport.parkNanos(rest.toNanos());
    return contestant.run();
  }
}
