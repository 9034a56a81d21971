package io.zonecast.bench.measure;

import java.util.Comparator;
import java.util.List;

/**
 * All runs of one contestant.
 *
 * @param extrapolatedTo as {@link Contestant#extrapolatedTo}
 */
public record Result(String name, List<Measurement> runs, long extrapolatedTo) {
  public Result {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(name + ": no runs");
    }
  }

  /** The run in the middle by rate; of an even number, the slower of the two. */
  public Measurement median() {
    List<Measurement> byRate =
        runs.stream().sorted(Comparator.comparingDouble(Measurement::rate)).toList();
    return byRate.get((byRate.size() - 1) / 2);
  }

  public double slowestRate() {
    return runs.stream().mapToDouble(Measurement::rate).min().orElseThrow();
  }

  public double fastestRate() {
    return runs.stream().mapToDouble(Measurement::rate).max().orElseThrow();
  }

  /** Seconds for all entries: measured, or what the median rate makes of it. */
  public double seconds() {
    return extrapolatedTo == 0 ? median().seconds() : extrapolatedTo / median().rate();
  }
}
