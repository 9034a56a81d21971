package io.zonecast.bench.replay;

import io.zonecast.bench.table.BenchTable;
import java.util.ArrayList;
import java.util.List;

/** The first entries of a table, for what is too slow to be given all of them. */
record Slice(List<Entry> entries, long extrapolatedTo) {
  record Entry(String key, String zone) {}

  Slice {
    entries = List.copyOf(entries);
  }

  static Slice of(BenchTable table, int count) {
    List<Entry> entries = new ArrayList<>();
    new BenchTable(Math.min(count, table.rows()))
        .forEach(
            (index, carrier, origin, destination, zone) ->
                entries.add(new Entry("zone:" + carrier + ":" + origin + ":" + destination, zone)));
    return new Slice(entries, table.rows());
  }
}
