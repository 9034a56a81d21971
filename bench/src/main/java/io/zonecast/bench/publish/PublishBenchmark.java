package io.zonecast.bench.publish;

import io.zonecast.bench.measure.Contest;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Finding;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.table.BenchTable;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.EncodedRows;
import io.zonecast.bench.table.PublishedTable;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Publishing beside a bare producer of the same bytes, all to one broker. */
public final class PublishBenchmark {
  private static final int CHANGED_EVERY = 100;

  private final BenchTable table;
  private final Contest contest;

  public PublishBenchmark(BenchTable table, Contest contest) {
    this.table = table;
    this.contest = contest;
  }

  /** Runs it and adds what it found to {@code report}. */
  public void run(Report report) throws Exception {
    Path directory = Files.createTempDirectory("zonecast-bench-");
    Path before = directory.resolve("bench-before.csv");
    Path after = directory.resolve("bench-after.csv");
    try (KafkaBroker broker = Servers.shared().broker(BrokerSettings.DEFAULT.withHeap("512m"))) {
      table.writeCsv(before, 0);
      table.writeCsv(after, CHANGED_EVERY);
      List<Result> results = contest.run(contestants(broker.bootstrapServers(), before, after));
      report.add(results);
      addFindings(report, results);
    } finally {
      Files.deleteIfExists(before);
      Files.deleteIfExists(after);
      Files.delete(directory);
    }
  }

  private List<Contestant> contestants(String bootstrapServers, Path before, Path after) {
    long changes = (table.rows() + CHANGED_EVERY - 1L) / CHANGED_EVERY;
    EncodedRows encoded = EncodedRows.of(table);
    return List.of(
        new ToNewTopic(
            "bare producer, pre-encoded", bootstrapServers, topic -> sendBare(topic, encoded)),
        new ToNewTopic(
            "first publish",
            bootstrapServers,
            topic -> PublishedTable.publish(topic, before).counts().added()),
        new NextPublish(
            "publish, 1 % changed",
            new BenchTopic(bootstrapServers, "bench-changed").create(), after, before, changes),
        new NextPublish(
            "publish, nothing changed",
            new BenchTopic(bootstrapServers, "bench-unchanged").create(),
            before,
            before,
            0));
  }

  /**
   * The same keys and values, encoded beforehand, in one transaction with the settings that
   * publishing uses: what Kafka takes at most.
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

  private static void addFindings(Report report, List<Result> results) {
    double bare = results.get(0).seconds();
    double first = results.get(1).seconds();
    double changed = results.get(2).seconds();
    report.add(
        Finding.atLeast("first publish, rate beside the bare producer's", bare / first, 0.8));
    report.add(
        Finding.atMost("1 % changed, time beside the first publish's", changed / first, 0.4));
    report.add(Finding.atMost("1 % changed, time beside the bare producer's", changed / bare, 0.4));
  }
}
