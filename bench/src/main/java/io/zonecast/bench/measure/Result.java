package io.zonecast.bench.measure;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All runs of one contestant, in their order. */
public record Result(Contestant contestant, List<Measurement> runs) {
  public Result {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(contestant.name() + ": no runs");
    }
  }

  /** The run in the middle by rate; of an even number, the slower of the two. */
  public Measurement median() {
    return byRate().get((runs.size() - 1) / 2);
  }

  private List<Measurement> byRate() {
    return runs.stream().sorted(Comparator.comparingDouble(Measurement::rate)).toList();
  }

  /** Seconds for all entries: measured, or extrapolated at the median rate. */
  public double seconds() {
    long all = contestant.extrapolatedTo();
    return all == 0 ? median().seconds() : all / median().rate();
  }

  String line() {
    return "%-46s %12.3f %,14.0f %,13.0f - %,11.0f%s%n"
        .formatted(
            contestant.name(),
            seconds(),
            median().rate(),
            byRate().get(0).rate(),
            byRate().get(runs.size() - 1).rate(),
            contestant.extrapolatedTo() == 0
                ? ""
                : "  (extrapolated from %,d)".formatted(median().entries()));
  }

  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", contestant.name());
    map.put("seconds", seconds());
    map.put("perSecond", median().rate());
    map.put("entries", median().entries());
    map.put("extrapolatedTo", contestant.extrapolatedTo());
    map.put("runs", runs.stream().map(Measurement::seconds).toList());
    return map;
  }
}
