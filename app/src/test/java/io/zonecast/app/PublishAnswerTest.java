package io.zonecast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.app.terminal.Console;
import io.zonecast.ingest.publish.DiffCounts;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.ZoneDiff;
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

  private static String said(PublishAnswer answer) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    answer.complain(Console.of(System.out, new PrintStream(err, true, UTF_8)));
    return err.toString(UTF_8);
  }

  private static PublishAnswer answer(long misplaced) {
    ZoneDiff diff =
        new ZoneDiff(
            "checksum",
            new DiffCounts(1, 0, 0, 0, 1, 0, 0),
            List.of(),
            0,
            List.of(),
            List.of(),
            misplaced);
    return new PublishAnswer(
        new PublishReport("zones", "zones.csv", diff, 0, Duration.ofSeconds(1)), List.of());
  }
}
