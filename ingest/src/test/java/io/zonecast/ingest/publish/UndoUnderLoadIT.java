package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.publish.PublishOutcome.Published;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An undo while a thousand updates a second come, half of them to rows that it restores. Of a
 * generated table, or of the file that {@code -Dzonecast.test.undo.file} names.
 */
@Timeout(300)
class UndoUnderLoadIT {
  private static final int PER_SECOND = 1_000;
  private static final int ROWS = 20_000;

  /** Of 866,761 rows, 150,000 and some. */
  private static final int EACH = 23;

  private static final int CHANGED_OF_EACH = 4;

  private final String topic = Topics.newName();

  @TempDir Path directory;

  @Test
  void allButWhatWasUpdatedIsAsBeforeAndNoUpdateIsLostUnseen() throws Exception {
    publish(first());
    List<String> before = export();
    Published edition = publish(edition(before));

    Updates updates = new Updates(changed(before));
    updates.start();
    updates.awaitFirst();
    TableEditor.Undo undo;
    List<String> overwritten;
    try (TableEditor editor = editor()) {
      undo = editor.undo(edition.publishId(), false, RowRules.NONE);
      overwritten = editor.commit();
    } finally {
      updates.end();
    }

    System.out.printf(
        "undo of %,d rows beside %,d updates: %,d kept, %,d overwritten and listed%n",
        edition.report().counts().changed(),
        updates.sent.size(),
        undo.kept().size(),
        overwritten.size());
    Map<String, String> expected = new LinkedHashMap<>();
    before.forEach(row -> expected.put(keyOf(row), row));
    updates.sent.forEach(
        (key, zone) -> {
          if (!overwritten.contains(key)) {
            expected.put(key, key.replace(':', ',') + "," + zone + ",,");
          }
        });
    Map<String, String> found = new LinkedHashMap<>();
    export().forEach(row -> found.put(keyOf(row), row));
    assertThat(found).isEqualTo(expected);
    assertThat(undo.kept()).isNotEmpty().allMatch(updates.sent::containsKey);
  }

  /** Sends rows as a stream does, each key once: without the header of a publish. */
  private final class Updates extends Thread {
    private final List<String> keys;
    private final Map<String, String> sent = new LinkedHashMap<>();
    private final List<Future<RecordMetadata>> answers = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean ended;

    Updates(List<String> keys) {
      this.keys = keys;
    }

    @Override
    public void run() {
      ZoneRowEncoder encoder = new ZoneRowEncoder(BundledSchemas.load().latestId());
      RowFields fields = new RowFields();
      Map<String, Object> settings = new LinkedHashMap<>(Topics.clients().producer());
      settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int i = 0; i < keys.size() && !ended; i++) {
          String key = i % 2 == 0 ? keys.get(i) : "dhl:%d:%d".formatted(i / 1000, i % 1000);
          byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
          fields.pointAtKey(bytes);
          fields.zone().set("u" + i % 10);
          answers.add(producer.send(new ProducerRecord<>(topic, bytes, encoder.encode(fields))));
          sent.put(key, "u" + i % 10);
          if (i == PER_SECOND / 10) {
            producer.flush();
            begun.countDown();
          }
          LockSupport.parkNanos(1_000_000_000L / PER_SECOND);
        }
      }
    }

    void awaitFirst() throws InterruptedException {
      begun.await();
    }

    void end() throws Exception {
      ended = true;
      join();
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
    }
  }

  private Path first() throws Exception {
    String file = System.getProperty("zonecast.test.undo.file", "");
    if (!file.isEmpty()) {
      return Path.of(file);
    }
    List<String> rows = new ArrayList<>(List.of("carrier,origin,destination,zone"));
    IntStream.range(0, ROWS)
        .forEach(i -> rows.add("usps,%03d,%03d,%d".formatted(i / 500, i % 500, 1 + i % 8)));
    return Files.write(directory.resolve("first.csv"), rows);
  }

  private static boolean isChanged(int row) {
    return row % EACH < CHANGED_OF_EACH;
  }

  private static List<String> changed(List<String> rows) {
    return IntStream.range(0, rows.size())
        .filter(UndoUnderLoadIT::isChanged)
        .mapToObj(row -> keyOf(rows.get(row)))
        .toList();
  }

  private Path edition(List<String> before) throws Exception {
    List<String> rows = new ArrayList<>();
    rows.add("carrier,origin,destination,zone,flags,effective_date");
    for (int row = 0; row < before.size(); row++) {
      String[] fields = before.get(row).split(",", -1);
      fields[3] = isChanged(row) ? "x" + fields[3] : fields[3];
      rows.add(String.join(",", fields));
    }
    return Files.write(directory.resolve("edition.csv"), rows);
  }

  private Published publish(Path file) throws Exception {
    PublishSettings settings =
        Topics.settings(topic, new Guards(5, Set.of(Refusal.Guard.BAD_ROWS)));
    return (Published)
        Topics.publisher(
                new PublishSettings(
                    topic,
                    ZoneTopic.DEFAULT_PARTITIONS,
                    settings.transactionTimeout(),
                    settings.guards(),
                    PublishSettings.of(topic).log()))
            .publish(Edition.open(file, FileOptions.NONE));
  }

  private TableEditor editor() throws PublishException {
    return TableEditor.open(
        Topics.clients(), RowSerdes.bundled(), PublishSettings.of(topic), StepProgress.NONE, false);
  }

  private List<String> export() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TableExport(
            Topics.clients(), RowSerdes.bundled(), PublishSettings.of(topic), StepProgress.NONE)
        .write(Optional.empty(), out);
    return out.toString(StandardCharsets.US_ASCII).lines().skip(1).toList();
  }

  private static String keyOf(String row) {
    String[] fields = row.split(",", -1);
    return fields[0] + ":" + fields[1] + ":" + fields[2];
  }
}
