package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.source.RowChunk;
import io.zonecast.schemas.ChangedRow;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedChanges;
import io.zonecast.schemas.PublishedFile;
import io.zonecast.schemas.RowContent;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.serde.AvroDeserializer;
import io.zonecast.schemas.serde.AvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PublishLogWriterTest {
  private static final String LOG = "zones.publishes";

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final TextNumbers contents = new TextNumbers("zones");
  private final PublishSummary summary =
      new PublishedBy("rates", "host-1", Optional.of("April"))
          .summary(
              "00000000deadbeef",
              new TopicInfo("cluster", "zones", Uuid.randomUuid(), 6, Duration.ofDays(7)),
              List.of(new PublishedFile("usps.csv", "ab12")),
              List.of("usps"),
              new DiffCounts(3, 0, 2, 1, 0, 0, 0),
              List.of("--max-removed"),
              null);

  @Test
  void anEntryIsItsSummaryAndThenItsChanges() throws Exception {
    int former = number("2", "*", 19_000);
    int next = number("3", "", RowChunk.UNDATED);

    List<IndexedRecord> entry =
        written(
            log -> {
              change(log, "usps:005:010", former, next);
              change(log, "usps:005:011", former, DigestBlock.NO_VALUE);
              change(log, "usps:005:012", DigestBlock.UNREADABLE_VALUE, next);
            });

    assertThat(entry)
        .containsExactly(
            summary,
            new PublishedChanges(
                "00000000deadbeef",
                List.of(
                    new ChangedRow("usps:005:010", 0, 1),
                    new ChangedRow("usps:005:011", 0, -1),
                    new ChangedRow("usps:005:012", -1, 1)),
                List.of(new RowContent("2", "*", 19_000), new RowContent("3", null, null))));
    assertThat(producer.history())
        .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
        .containsOnly("00000000deadbeef");
  }

  @Test
  void theBytesAreThoseOfAvrosOwnEncoder() throws Exception {
    int former = number("2", "*", -3);

    List<IndexedRecord> entry =
        written(log -> change(log, "usps:005:010", former, number("9", "e", RowChunk.UNDATED)));

    assertThat(producer.history().get(1).value())
        .isEqualTo(new AvroSerializer().serialize(LOG, entry.get(1)));
  }

  @Test
  void manyChangesAreManyInARecordAndNoRecordIsLarge() throws Exception {
    int rows = 20_000;

    List<IndexedRecord> entry =
        written(
            log -> {
              for (int i = 0; i < rows; i++) {
                // Each row another content: the worst that a table can be.
                change(log, "usps:005:" + i, number("2", "", i), number("3", "", i));
              }
            });

    assertThat(entry).hasSizeBetween(3, 40);
    assertThat(producer.history()).allMatch(record -> record.value().length < 70_000);
    List<ChangedRow> read = new ArrayList<>();
    for (IndexedRecord record : entry.subList(1, entry.size())) {
      PublishedChanges changes = (PublishedChanges) record;
      for (ChangedRow row : changes.getRows()) {
        int day = read.size();
        assertThat(changes.getContents().get(row.getBefore()).getEffectiveDate()).isEqualTo(day);
        assertThat(changes.getContents().get(row.getAfter()).getZone()).isEqualTo("3");
        read.add(row);
      }
    }
    assertThat(read).hasSize(rows);
  }

  @Test
  void aPublishThatOnlyAddsIsItsSummary() throws Exception {
    assertThat(written(log -> {})).containsExactly(summary);
  }

  private interface Changes {
    void write(PublishLogWriter log) throws PublishException;
  }

  private List<IndexedRecord> written(Changes changes) throws PublishException {
    try (PublishTransaction transaction =
        new PublishTransaction(producer, PublishSettings.of("zones"), System::nanoTime)) {
      transaction.take();
      transaction.open();
      PublishLogWriter log = new PublishLogWriter(transaction, LOG, contents, summary, 3);
      changes.write(log);
      log.flush();
      transaction.commit();
    }
    AvroDeserializer decoder = new AvroDeserializer();
    decoder.configure(Map.of(AvroDeserializer.SPECIFIC_READER, true), false);
    List<IndexedRecord> read = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : producer.history()) {
      read.add(decoder.deserialize(LOG, record.value()));
    }
    return read;
  }

  private static void change(PublishLogWriter log, String key, int before, int after)
      throws PublishException {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    log.change(bytes, 0, bytes.length, before, after);
  }

  private int number(String zone, String flags, int epochDay) {
    byte[] first = zone.getBytes(StandardCharsets.US_ASCII);
    byte[] second = flags.getBytes(StandardCharsets.US_ASCII);
    return contents.view().idOf(first, 0, first.length, second, 0, second.length, epochDay);
  }
}
