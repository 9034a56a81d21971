package io.zonecast.ingest.publish;

import io.zonecast.schemas.ChangedRow;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedChanges;
import io.zonecast.schemas.RowContent;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.AvroDeserializer;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.ReaderSettings;
import io.zonecast.schemas.topic.TopicEnds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of publishes, from the oldest that it holds to the newest that is committed. {@link
 * PublishLogWriter} says how an entry lies there.
 */
public final class PublishLog {
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final Duration GIVING_UP = Duration.ofSeconds(60);

  private final Map<String, Object> consumer;
  private final Map<String, Object> admin;
  private final String table;

  /**
   * @param table the topic of the table
   */
  public PublishLog(ClientSettings clients, String table) {
    this.consumer = clients.consumer();
    this.admin = clients.admin();
    this.table = table;
  }

  /** Takes entries, the oldest first. */
  interface Reader<E extends Exception> {
    /** Takes the summary of the next entry; returns whether its changes are wanted. */
    boolean summary(PublishSummary summary) throws E;

    /** Takes some changes of the entry. */
    void changes(PublishedChanges changes) throws E;
  }

  /** An entry that the log does not hold, or no longer as a whole. */
  static String absence(String id, String table, @Nullable PublishSummary oldest) {
    return "publish %s is not in topic %s; %s"
        .formatted(
            id,
            ZoneTopic.publishesOf(table),
            oldest == null
                ? "it holds none"
                : "the oldest one there is %s of %s"
                    .formatted(oldest.getId(), oldest.getPublishedAt()));
  }

  /** The summaries of all entries, the oldest first. */
  public List<PublishSummary> summaries() {
    List<PublishSummary> summaries = new ArrayList<>();
    read(
        new Reader<RuntimeException>() {
          @Override
          public boolean summary(PublishSummary summary) {
            summaries.add(summary);
            return false;
          }

          @Override
          public void changes(PublishedChanges changes) {}
        });
    return summaries;
  }

  /**
   * Lists what a publish changed and removed.
   *
   * @throws NoSuchPublishException if the log does not hold it
   */
  public PublishSummary changes(String id, ChangeListing listing)
      throws IOException, NoSuchPublishException {
    List<PublishSummary> oldestAndIt = new ArrayList<>();
    read(
        new Reader<IOException>() {
          @Override
          public boolean summary(PublishSummary summary) {
            boolean wanted = summary.getId().equals(id);
            if (wanted || oldestAndIt.isEmpty()) {
              oldestAndIt.add(summary);
            }
            return wanted;
          }

          @Override
          public void changes(PublishedChanges changes) throws IOException {
            for (ChangedRow row : changes.getRows()) {
              listing.add(
                  new Change(
                      row.getKey(),
                      Optional.of(
                          row.getBefore() < 0
                              ? Change.Value.UNREADABLE
                              : value(changes.getContents().get(row.getBefore()))),
                      row.getAfter() < 0
                          ? Optional.empty()
                          : Optional.of(value(changes.getContents().get(row.getAfter())))));
            }
          }
        });
    PublishSummary oldest = oldestAndIt.isEmpty() ? null : oldestAndIt.get(0);
    PublishSummary last = oldestAndIt.isEmpty() ? null : oldestAndIt.get(oldestAndIt.size() - 1);
    if (last == null || !last.getId().equals(id)) {
      throw new NoSuchPublishException(absence(id, table, oldest));
    }
    return last;
  }

  private static Change.Value value(RowContent content) {
    String flags = content.getFlags();
    return new Change.Value(content.getZone(), flags == null ? "" : flags);
  }

  /**
   * Shows all committed entries to {@code reader}; none if there is no log yet. A transaction that
   * has just committed counts, although its markers may still be on their way; one that stays open
   * for {@link #SETTLING} does not.
   */
  <E extends Exception> void read(Reader<E> reader) throws E {
    try (Admin asked = Admin.create(admin)) {
      if (ZoneTopic.findPublishes(asked, table).isPresent()) {
        read(asked, reader);
      }
    }
  }

  private <E extends Exception> void read(Admin asked, Reader<E> reader) throws E {
    AvroDeserializer decoder = AvroDeserializer.ofOurRecords();
    String log = ZoneTopic.publishesOf(table);
    try (Consumer<byte[], byte[]> records =
        new KafkaConsumer<>(
            ReaderSettings.ofATable(consumer),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      boolean[] wanted = {false};
      TopicPartition partition = new TopicPartition(log, 0);
      List<TopicPartition> all = List.of(partition);
      AtomicLong end =
          new AtomicLong(
              BrokerAnswers.of(BrokerAnswers.await(TopicEnds.high(asked, all)), partition));
      Patience.Standstill isOpen =
          (behind, again) -> {
            end.set(BrokerAnswers.of(TopicEnds.of(asked, all), partition).stable());
            return true;
          };
      RangeReading.fromStart(records, all, any -> end.get())
          .toEnd(
              new Patience(System::nanoTime, SETTLING, GIVING_UP, isOpen),
              record -> {
                IndexedRecord read = decoder.deserialize(log, record.value());
                if (read instanceof PublishSummary summary) {
                  wanted[0] = reader.summary(summary);
                } else if (wanted[0] && read instanceof PublishedChanges changes) {
                  reader.changes(changes);
                }
              });
    }
  }
}
