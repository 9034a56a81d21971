package io.zonecast.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.app.terminal.Console;
import io.zonecast.ingest.publish.DiffCounts;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.ZoneDiff;
import io.zonecast.ingest.source.RowProblem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishAnswerTest {
  @Test
  void recordsOnAnotherPartitionThanTheirKeysAreCountedAndTheRemedyNamed() {
    PublishAnswer answer = answer(1_234);

    assertThat(said(answer))
        .isEqualTo(
            "zonecast: ignored on another partition than their key's: 1,234 records; have their"
                + " producer partition as Java's does (librdkafka: partitioner=murmur2_random)\n");
    assertThat(answer.json().get("misplaced").asLong()).isEqualTo(1_234);
  }

  @Test
  void nothingIsSaidOfThemWhereThereAreNone() {
    assertThat(said(answer(0))).isEmpty();
  }

  @Test
  void contradictionsAreCountedThoughOnlyTheFirstAreListed() {
    RowProblem first = new RowProblem(7, "zone", "\"5\"", "is not what an earlier row says");

    assertThat(said(answer(0, 31, List.of(first))))
        .startsWith("zonecast: contradicting row: zones.csv ")
        .endsWith("zonecast: and 30 more contradicting rows\n");
  }

  private static String said(PublishAnswer answer) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    answer.complain(Console.of(System.out, new PrintStream(err, true, UTF_8)));
    return err.toString(UTF_8);
  }

  private static PublishAnswer answer(long misplaced) {
    return answer(misplaced, 0, List.of());
  }

  private static PublishAnswer answer(
      long misplaced, long contradictions, List<RowProblem> contradictionSamples) {
    ZoneDiff diff =
        new ZoneDiff(
            List.of("checksum"),
            new DiffCounts(1, 0, 0, 0, 1, 0, 0),
            List.of(),
            contradictions,
            contradictionSamples,
            List.of(),
            misplaced,
            ZoneDiff.Shapes.USUAL);
    return new PublishAnswer(
        new PublishReport("zones", "zones.csv", diff, 0, Duration.ofSeconds(1)), List.of());
  }
}
