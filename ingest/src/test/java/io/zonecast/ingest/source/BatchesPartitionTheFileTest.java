package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** The bug that began it all: a loop over chunks that sent rows again and again. */
class BatchesPartitionTheFileTest {

  @Property(tries = 300)
  void everyCsvRowIsInExactlyOneChunk(
      @ForAll("csvRows") List<String> rows, @ForAll @IntRange(min = 1, max = 40) int chunkRows)
      throws IOException {
    String csv = "carrier,origin,destination,zone\n" + String.join("", rows);

    List<String> read = read(csv.getBytes(StandardCharsets.UTF_8), chunkRows);

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).startsWith(",")) {
        expected.add(i + 2 + (rows.get(i).startsWith("usps") ? " UPSERT " : " REJECTED"));
      }
    }
    assertThat(read).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(read.get(i)).startsWith(expected.get(i));
    }
  }

  @Property(tries = 60)
  void everyMatrixCellIsInExactlyOneChunk(
      @ForAll("origins") List<String> origins, @ForAll @IntRange(min = 1, max = 2500) int chunkRows)
      throws IOException {
    Matrix matrix = new Matrix();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < origins.size(); i++) {
      if (origins.get(i).isEmpty()) {
        matrix.line("cut off");
        expected.add(i + 2 + " REJECTED usps");
      } else {
        matrix.origin(origins.get(i), "1 ");
        for (int destination = 1; destination <= 999; destination++) {
          expected.add(
              String.format(
                  Locale.ROOT,
                  "%d UPSERT usps:%s:%03d 1@19814",
                  i + 2,
                  origins.get(i),
                  destination));
        }
      }
    }

    assertThat(read(matrix.bytes(), chunkRows)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<String>> csvRows() {
    Arbitrary<String> good =
        Combinators.combine(
                Arbitraries.integers().between(0, 9),
                Arbitraries.integers().between(0, 999),
                Arbitraries.of("1", "A", "Zone-2"))
            .as(
                (origin, destination, zone) ->
                    "usps," + origin + "," + destination + "," + zone + "\n");
    return Arbitraries.frequencyOf(
            Tuple.of(5, good), Tuple.of(1, Arbitraries.of("bad\n", "USPS,1,2,3\n", ",,,\n")))
        .list()
        .ofMaxSize(90);
  }

  @Provide
  Arbitrary<List<String>> origins() {
    return Arbitraries.of("005", "006", "").list().ofMaxSize(4);
  }

  private static List<String> read(byte[] content, int chunkRows) throws IOException {
    Path path = Files.createTempFile("zonecast-batches", ".txt");
    try {
      Files.write(path, content);
      return ReadRows.of(ZoneFile.open(path, FileOptions.NONE), chunkRows).rows();
    } finally {
      Files.delete(path);
    }
  }
}
