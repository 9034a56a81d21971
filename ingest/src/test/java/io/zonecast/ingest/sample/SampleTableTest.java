package io.zonecast.ingest.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTableTest {
  private final SampleTable table = new SampleTable();

  @Test
  void hasAsManyRowsAsAskedForAndNoPairTwice() throws IOException {
    List<String> lines = lines(SampleTable.DEFAULT_ROWS);

    assertThat(lines).hasSize((int) SampleTable.DEFAULT_ROWS + 1);
    assertThat(new HashSet<>(lines)).hasSameSizeAs(lines);
    assertThat(lines.get(0)).isEqualTo("carrier,origin,destination,zone");
  }

  @Test
  void smallerTableIsTheBeginningOfALargerOne() throws IOException {
    assertThat(lines(1_000_000).subList(0, 1_001)).isEqualTo(lines(1_000));
  }

  @Test
  void moreRowsThanPairsGoOnWithAnotherCarrierWhoseZonesDiffer() throws IOException {
    List<String> lines = lines(2 * SampleTable.DEFAULT_ROWS);
    List<String> first = lines.subList(1, (int) SampleTable.DEFAULT_ROWS + 1);
    List<String> second = lines.subList((int) SampleTable.DEFAULT_ROWS + 1, lines.size());

    assertThat(second).allMatch(line -> line.startsWith("sample2,"));
    assertThat(second.stream().map(line -> line.replace("sample2", "sample")).toList())
        .hasSameSizeAs(first)
        .isNotEqualTo(first);
  }

  @Test
  void zonesFollowTheDistance() throws IOException {
    assertThat(lines(SampleTable.DEFAULT_ROWS))
        .contains(
            "sample,100,100,1",
            "sample,100,191,2",
            "sample,100,606,5",
            "sample,100,900,8",
            "sample,100,969,9",
            "sample,969,100,9");
  }

  @Test
  void noRowsAreAHeaderAlone() throws IOException {
    assertThat(lines(0)).containsExactly("carrier,origin,destination,zone");
  }

  private List<String> lines(long rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.writeCsv(rows, out);
    return out.toString(StandardCharsets.US_ASCII).lines().toList();
  }
}
