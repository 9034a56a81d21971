package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that another process writes to while it is read, with few enough rows to be kept. */
class FileThatChangesTest {
  /** Several times what the reader takes at once. */
  private static final int ROWS = 20_000;

  @TempDir Path directory;

  @Test
  void whatIsHalfOldAndHalfNewIsNotTaken() throws Exception {
    Path path = write("1");

    try (Comparison comparison = read(path, () -> write("2"))) {
      ZoneDiff diff = comparison.readFile();

      assertThat(diff.counts().added()).isEqualTo(ROWS);
      assertThatThrownBy(() -> comparison.changedRows().requireSameFile(diff))
          .isInstanceOf(PublishException.class)
          .hasMessageContaining("changed while it was read")
          .hasMessageContaining("Nothing is published");
    }
  }

  @Test
  void oneThatStaysIsTaken() throws Exception {
    try (Comparison comparison = read(write("1"), () -> {})) {
      ZoneDiff diff = comparison.readFile();

      comparison.changedRows().requireSameFile(diff);
    }
  }

  private interface Writer {
    void write() throws IOException;
  }

  /** Reads the file and an empty topic; {@code writer} writes once half of it has been read. */
  private static Comparison read(Path path, Writer writer) throws Exception {
    BundledSchemas schemas = BundledSchemas.load();
    boolean[] written = new boolean[1];
    StepProgress progress =
        (phase, done, total) -> {
          if (phase == StepProgress.Phase.COMPARING_FILE && done >= total / 2 && !written[0]) {
            written[0] = true;
            try {
              writer.write();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    Comparison comparison =
        new Comparison(
            Edition.open(path, FileOptions.NONE),
            Comparison.BATCH_ROWS,
            Comparison.ROWS_KEPT,
            () -> new ZoneRowDecoder(schemas),
            false,
            RowRules.NONE,
            progress);
    comparison.start();
    comparison.readTopic(List.of(), TopicModel.PARTITIONS);
    return comparison;
  }

  private Path write(String zone) throws IOException {
    return Files.writeString(
        directory.resolve("zones.csv"),
        IntStream.range(0, ROWS)
            .mapToObj(i -> "usps,1," + i + "," + zone + "\n")
            .collect(Collectors.joining("", "carrier,origin,destination,zone\n", "")));
  }
}
