package io.zonecast.bench.stage;

import java.util.ArrayList;
import java.util.List;

/** The keys and values of a whole table as records carry them, encoded beforehand. */
public record EncodedRows(List<byte[]> keys, List<byte[]> values) {

  public static EncodedRows of(BenchTable table) {
    List<byte[]> keys = new ArrayList<>(table.rows());
    List<byte[]> values = new ArrayList<>(table.rows());
    RowBytes bytes = new RowBytes();
    table.forEach(
        (index, carrier, origin, destination, zone) -> {
          keys.add(RowBytes.key(carrier, origin, destination));
          values.add(bytes.value(carrier, origin, destination, zone));
        });
    return new EncodedRows(keys, values);
  }
}
