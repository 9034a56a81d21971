package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of which each pair is given twice, with different zones. */
class ContradictionMemoryTest {
  private static final int PAIRS = 300_000;

  /** Twice what a {@link DigestTable} takes for an entry, and something for what else is held. */
  private static final int MOST_BYTES_A_PAIR = 80;

  @TempDir private Path directory;

  @Test
  void pairsThatContradictEachOtherTakeNoMoreThanTwoEntries() throws Exception {
    BundledSchemas schemas = BundledSchemas.load();
    Edition file = Edition.open(write(), FileOptions.NONE);
    long before = usedBytes();

    try (Comparison comparison =
        new Comparison(
            file,
            Comparison.BATCH_ROWS,
            1,
            () -> new ZoneRowDecoder(schemas),
            false,
            RowRules.NONE,
            StepProgress.NONE)) {
      comparison.start();
      comparison.readTopic(List.of(), 1);
      ZoneDiff diff = comparison.readFile();

      assertThat(diff.contradictions()).isEqualTo(PAIRS);
      assertThat((usedBytes() - before) / PAIRS).isLessThan(MOST_BYTES_A_PAIR);
      assertThat(comparison.changedRows()).isNotNull();
    }
  }

  private Path write() throws IOException {
    Path path = directory.resolve("zones.csv");
    try (BufferedWriter csv = Files.newBufferedWriter(path)) {
      csv.write("carrier,origin,destination,zone\n");
      for (int zone = 1; zone <= 2; zone++) {
        for (int pair = 0; pair < PAIRS; pair++) {
          csv.write("usps," + pair / 1_000 + "," + pair % 1_000 + "," + zone + "\n");
        }
      }
    }
    return path;
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
