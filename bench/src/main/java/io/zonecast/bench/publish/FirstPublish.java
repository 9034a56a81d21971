package io.zonecast.bench.publish;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.PublishedTable;
import io.zonecast.ingest.publish.PublishReport;
import java.nio.file.Path;
import java.util.UUID;

/** A file published to a topic that is empty: read, compared with nothing, every row sent. */
final class FirstPublish implements Contestant {
  private final String bootstrapServers;
  private final Path file;
  private BenchTopic topic;

  FirstPublish(String bootstrapServers, Path file) {
    this.bootstrapServers = bootstrapServers;
    this.file = file;
    this.topic = newTopic();
  }

  @Override
  public String name() {
    return "first publish";
  }

  @Override
  public void prepare() {
    // Made beforehand, as the bare producer's is.
    topic = newTopic().create();
  }

  @Override
  public Measurement run() throws Exception {
    long start = System.nanoTime();
    PublishReport report = PublishedTable.publish(topic, file);
    return Measurement.since(start, report.counts().added());
  }

  private BenchTopic newTopic() {
    return new BenchTopic(bootstrapServers, "bench-first-" + UUID.randomUUID());
  }
}
