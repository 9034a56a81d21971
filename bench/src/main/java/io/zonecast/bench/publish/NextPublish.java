package io.zonecast.bench.publish;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.PublishedTable;
import io.zonecast.ingest.publish.PublishReport;
import java.nio.file.Path;

/**
 * A file published to a topic that holds another edition: most rows are compared and left alone.
 * The rate counts the rows considered, not those sent.
 */
final class NextPublish extends Contestant {
  private final BenchTopic topic;
  private final Path edition;
  private final Path otherEdition;
  private final long changes;

  /**
   * Makes the contestant.
   *
   * @param otherEdition what the topic holds before each run; {@code edition} itself where nothing
   *     is to change
   * @param changes in how many rows the two differ, which each run is held to
   */
  NextPublish(String name, BenchTopic topic, Path edition, Path otherEdition, long changes) {
    super(name);
    this.topic = topic;
    this.edition = edition;
    this.otherEdition = otherEdition;
    this.changes = changes;
  }

  @Override
  public void prepare() throws Exception {
    PublishedTable.publish(topic, otherEdition);
  }

  @Override
  public Measurement run() throws Exception {
    long start = System.nanoTime();
    PublishReport report = PublishedTable.publish(topic, edition);
    Measurement measured = Measurement.since(start, report.counts().rows());
    if (report.counts().changed() != changes || report.counts().added() != 0) {
      throw new IllegalStateException(
          "%s: %s instead of %d changes".formatted(name(), report.counts(), changes));
    }
    return measured;
  }
}
