package io.zonecast.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs contestants in turns, so that whatever the machine is up to meets all of them alike.
 *
 * <p>Each run comes after a rest of fixed length: memcached's LRU maintainer goes on working for
 * seconds after a load, and slows down whoever comes next.
 *
 * @param rounds how often each contestant is measured, beside one round before that warms up
 * @param rest before each run, after its preparation
 */
public record Contest(int rounds, Duration rest) {

  /** Runs them all, in the order given within each round, and reports them in that order too. */
  public List<Result> run(Report report, Contestant... contestants) throws Exception {
    List<List<Measurement>> measured = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < contestants.length; i++) {
        Measurement measurement = runOnce(contestants[i]);
        report.say(
            "%s %-44s %8.3f s %,12.0f a second"
                .formatted(
                    round == 0 ? "warm-up" : round + " of " + rounds,
                    contestants[i].name(),
                    measurement.seconds(),
                    measurement.rate()));
        if (round == 0) {
          measured.add(new ArrayList<>());
        } else {
          measured.get(i).add(measurement);
        }
      }
    }
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < contestants.length; i++) {
      results.add(
          new Result(contestants[i].name(), measured.get(i), contestants[i].extrapolatedTo()));
    }
    report.add(results);
    return results;
  }

  private Measurement runOnce(Contestant contestant) throws Exception {
    contestant.preparation().prepare();
    // Garbage of the contestant before is not this one's to collect.
    System.gc();
    LockSupport.parkNanos(rest.toNanos());
    return contestant.work().run();
  }
}
