package io.zonecast.bench;

import static java.util.Objects.requireNonNull;

import io.zonecast.bench.measure.ContestBenchmark;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.bench.stage.EncodedRows;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.sandbox.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Publishes files to one broker, beside a bare producer of the same bytes. */
@Command(
    name = "publish",
    description = "From a file to the topic, beside a bare producer of the same bytes.")
public final class PublishBenchmark extends ContestBenchmark {
  private static final int CHANGED_EVERY = 100;

  @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows = BenchTable.ROWS_OF_THE_MATRIX;

  @Override
  protected void run(Report report) throws Exception {
    BenchTable table = new BenchTable(rows);
    Path directory = Files.createTempDirectory("zonecast-bench-");
    Path before = directory.resolve("bench-before.csv");
    Path after = directory.resolve("bench-after.csv");
    Path other = directory.resolve("bench-other.csv");
    try (KafkaBroker broker = BenchServers.broker()) {
      table.writeCsv(before, 0);
      table.writeCsv(after, CHANGED_EVERY);
      table.writeCsv(other, 1);
      contest(report, table, broker.bootstrapServers(), List.of(before, after, other));
    } finally {
      Files.deleteIfExists(other);
      Files.deleteIfExists(before);
      Files.deleteIfExists(after);
      Files.delete(directory);
    }
  }

  private void contest(Report report, BenchTable table, String bootstrapServers, List<Path> files)
      throws Exception {
    Path before = files.get(0);
    Path after = files.get(1);
    Path other = files.get(2);
    long changes = (rows + CHANGED_EVERY - 1L) / CHANGED_EVERY;
    EncodedRows encoded = EncodedRows.of(table);
    BenchTopic changing = new BenchTopic(bootstrapServers, "bench-changed").create();
    // A topic of its own: it grows by the table's rows twice a run.
    BenchTopic rewritten = new BenchTopic(bootstrapServers, "bench-rewritten").create();
    BenchTopic unchanging = new BenchTopic(bootstrapServers, "bench-unchanged").create();
    List<Result> results =
        contest(
            report,
            toNewTopic(
                "bare producer, pre-encoded", bootstrapServers, topic -> sendBare(topic, encoded)),
            toNewTopic(
                "first publish", bootstrapServers, topic -> topic.publish(before).counts().added()),
            toNewTopic(
                "first publish, without the log",
                bootstrapServers,
                topic -> topic.publish(before, false).counts().added()),
            nextPublish("publish, 1 % changed", changing, after, before, changes, true),
            nextPublish(
                "publish, 1 % changed, without the log", changing, after, before, changes, false),
            nextPublish("publish, 100 % changed", rewritten, other, before, rows, true),
            nextPublish(
                "publish, 100 % changed, without the log", rewritten, other, before, rows, false),
            nextPublish("publish, nothing changed", unchanging, before, before, 0, true),
            new Contestant(
                "bare consumer, read_committed",
                () -> {},
                () -> Measurement.since(System.nanoTime(), unchanging.read())));
    double bare = results.get(0).seconds();
    double first = results.get(1).seconds();
    double changed = results.get(3).seconds();
    report.atLeast("first publish, rate beside the bare producer's", bare / first, 0.8);
    report.atMost("1 % changed, time beside the first publish's", changed / first, 0.4);
    report.atMost("1 % changed, time beside the bare producer's", changed / bare, 0.4);
    atMostWith(report, "first publish", results.subList(1, 3), 1.05);
    atMostWith(report, "1 % changed", results.subList(3, 5), 1.15);
    atMostWith(report, "100 % changed", results.subList(5, 7), 1.15);
    report.atMost(
        "nothing changed, time beside the bare consumer's",
        results.get(7).seconds() / results.get(8).seconds(),
        1.3);
  }

  private static void atMostWith(Report report, String name, List<Result> pair, double limit) {
    report.atMost(
        name + ", time with the log to without",
        pair.get(0).seconds() / pair.get(1).seconds(),
        limit);
  }

  private interface Sending {
    /** Returns how many rows it has sent. */
    long send(BenchTopic topic) throws Exception;
  }

  /** Sends the whole table to a topic that is created before each run. */
  private static Contestant toNewTopic(String name, String bootstrapServers, Sending sending) {
    AtomicReference<BenchTopic> topic = new AtomicReference<>();
    return new Contestant(
        name,
        () ->
            topic.set(new BenchTopic(bootstrapServers, "bench-new-" + UUID.randomUUID()).create()),
        () -> {
          long start = System.nanoTime();
          return Measurement.since(start, sending.send(requireNonNull(topic.get())));
        });
  }

  /**
   * Publishes a file to a topic that holds another edition: most rows are compared and left alone.
   * The rate counts the rows compared, not those sent.
   *
   * @param other what the topic holds before each run; {@code edition} itself if nothing changes
   * @param changes the number of rows in which the two differ; each run must find as many
   * @param logged whether into the log of publishes too
   */
  private static Contestant nextPublish(
      String name, BenchTopic topic, Path edition, Path other, long changes, boolean logged) {
    return new Contestant(
        name,
        () -> topic.publish(other),
        () -> {
          long start = System.nanoTime();
          PublishReport report = topic.publish(edition, logged);
          Measurement measured = Measurement.since(start, report.counts().rows());
          if (report.counts().changed() != changes || report.counts().added() != 0) {
            throw new IllegalStateException(
                "%s: %s instead of %d changes".formatted(name, report.counts(), changes));
          }
          return measured;
        });
  }

  /**
   * Sends the same keys and values, encoded beforehand, in one transaction with the settings that
   * publishing uses: the most that Kafka takes.
   */
  private static long sendBare(BenchTopic topic, EncodedRows rows) {
    try (KafkaProducer<byte[], byte[]> producer = topic.transactionalProducer()) {
      producer.beginTransaction();
      for (int i = 0; i < rows.keys().size(); i++) {
        topic.send(producer, rows.keys().get(i), rows.values().get(i));
      }
      producer.commitTransaction();
    }
    return rows.keys().size();
  }
}
