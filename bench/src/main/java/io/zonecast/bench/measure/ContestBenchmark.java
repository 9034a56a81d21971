package io.zonecast.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * A benchmark whose contestants take turns, so that whatever else the machine does slows all of
 * them alike.
 *
 * <p>Each run comes after a rest of fixed length: memcached's LRU maintainer goes on working for
 * seconds after a load, and slows down the next contestant.
 */
public abstract class ContestBenchmark extends Benchmark {
  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Measured runs of each contestant, after one that warms up (${DEFAULT-VALUE}).")
  private int runs = 5;

  @Option(
      names = "--rest",
      paramLabel = "SECONDS",
      description = "Rest before each run (${DEFAULT-VALUE}).")
  private int restSeconds = 3;

  /** Runs them all, in the order given within each round, and reports them in that order too. */
  protected List<Result> contest(Report report, Contestant... contestants) throws Exception {
    List<List<Measurement>> measured = new ArrayList<>();
    for (int round = 0; round <= runs; round++) {
      for (int i = 0; i < contestants.length; i++) {
        Measurement measurement = runOnce(contestants[i]);
        report.say(
            "%s %-44s %8.3f s %,12.0f a second"
                .formatted(
                    round == 0 ? "warm-up" : round + " of " + runs,
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
      results.add(new Result(contestants[i], measured.get(i)));
    }
    report.add(results);
    return results;
  }

  private Measurement runOnce(Contestant contestant) throws Exception {
    contestant.preparation().prepare();
    // The next contestant must not collect the garbage of the one before.
    System.gc();
    TimeUnit.SECONDS.sleep(restSeconds);
    return contestant.work().call();
  }
}
