package io.zonecast.bench.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTableTest {

  @Test
  void hasAsManyDifferentKeysAsRows() {
    Set<String> keys = new HashSet<>();

    new BenchTable(BenchTable.ROWS_OF_A_CARRIER + 10)
        .forEach(
            (index, carrier, origin, destination, zone) ->
                keys.add(carrier + ":" + origin + ":" + destination));

    assertThat(keys)
        .hasSize(BenchTable.ROWS_OF_A_CARRIER + 10)
        .contains("usps:001:002", "usps:998:999", "c001:001:011");
  }

  @Test
  void changesEveryHundredthRowOfItsFileWhenAskedTo(@TempDir Path directory) throws IOException {
    Path before = directory.resolve("before.csv");
    Path after = directory.resolve("after.csv");

    new BenchTable(1_000).writeCsv(before, 0);
    new BenchTable(1_000).writeCsv(after, 100);

    List<String> changed = Files.readAllLines(after);
    changed.removeAll(Files.readAllLines(before));
    assertThat(changed).hasSize(10).first().isEqualTo("usps,001,002,X");
  }
}
