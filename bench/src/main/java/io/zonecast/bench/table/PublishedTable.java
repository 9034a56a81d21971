package io.zonecast.bench.table;

import io.zonecast.ingest.Progress;
import io.zonecast.ingest.publish.ClientSettings;
import io.zonecast.ingest.publish.PublishOutcome;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.publish.ZonePublisher;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.schemas.serde.RowSerdes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Publishing as the command does it, in this JVM. */
public final class PublishedTable {
  private PublishedTable() {}

  /** Makes a topic that holds a table. */
  public static BenchTopic of(String bootstrapServers, String name, BenchTable rows)
      throws Exception {
    BenchTopic topic = new BenchTopic(bootstrapServers, name).create();
    Path file = Files.createTempFile("zonecast-bench-", ".csv");
    try {
      rows.writeCsv(file, 0);
      publish(topic, file);
      return topic;
    } finally {
      Files.delete(file);
    }
  }

  /** Makes the topic equal to {@code file}. */
  public static PublishReport publish(BenchTopic topic, Path file) throws Exception {
    ClientSettings clients =
        ClientSettings.of(Map.of("bootstrap.servers", topic.bootstrapServers()));
    ZonePublisher publisher =
        new ZonePublisher(
            clients, RowSerdes.bundled(), PublishSettings.of(topic.name()), Progress.NONE);
    PublishOutcome outcome = publisher.publish(ZoneFile.open(file, FileOptions.NONE));
    if (outcome instanceof PublishOutcome.Refused refused) {
      throw new IllegalStateException("publish refused: " + refused.refusals());
    }
    return outcome.report();
  }
}
