package io.zonecast.bench.table;

/** The keys and values of a whole table as records carry them, encoded beforehand. */
public final class EncodedRows {
  private final byte[][] keys;
  private final byte[][] values;

  private EncodedRows(byte[][] keys, byte[][] values) {
    this.keys = keys;
    this.values = values;
  }

  public static EncodedRows of(BenchTable table) {
    byte[][] keys = new byte[table.rows()][];
    byte[][] values = new byte[table.rows()][];
    RowBytes bytes = new RowBytes();
    table.forEach(
        (index, carrier, origin, destination, zone) -> {
          keys[index] = RowBytes.key(carrier, origin, destination);
          values[index] = bytes.value(carrier, origin, destination, zone);
        });
    return new EncodedRows(keys, values);
  }

  public int count() {
    return keys.length;
  }

  public byte[] key(int index) {
    return keys[index];
  }

  public byte[] value(int index) {
    return values[index];
  }
}
