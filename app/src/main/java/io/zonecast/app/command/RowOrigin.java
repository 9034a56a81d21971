package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.ingest.publish.RowHeaders;
import io.zonecast.ingest.stream.UpdateHeader;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.wire.UpdateDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote a record of the table: a publish, an update, or a writer that is not ours.
 *
 * @param kind {@code publish}, {@code update} or {@code unknown}
 * @param id of the publish or the update
 * @param file the name of the file that was published; null for an undo and for a deleted carrier
 * @param by who published or asked; null if that is not known any more
 * @param asked when an update was asked for, by the asker's clock
 */
record RowOrigin(
    String kind,
    @Nullable String id,
    @Nullable String file,
    @Nullable String by,
    @Nullable Instant asked) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static RowOrigin ofPublish(RowHeaders.Source source, @Nullable String by) {
    String file = source.hasFile() ? source.what() : null;
    return new RowOrigin("publish", source.publishId(), file, by, null);
  }

  static RowOrigin ofUpdate(UpdateHeader update, @Nullable String by) {
    return new RowOrigin(
        "update", update.id(), null, by, Instant.ofEpochMilli(update.requestedAtMillis()));
  }

  static RowOrigin unknown() {
    return new RowOrigin("unknown", null, null, null, null);
  }

  /**
   * Looks an update up where its header says that it lies. Empty if the topic of updates has let it
   * go, or was deleted and created again since.
   */
  static Optional<ZoneUpdate> find(
      Admin admin,
      Consumer<byte[], byte[]> consumer,
      UpdateDecoder updates,
      String topic,
      int partition,
      UpdateHeader header) {
    TopicPartition at = new TopicPartition(topic, partition);
    try {
      var described = BrokerAnswers.await(admin.describeTopics(List.of(topic)).allTopicNames());
      if (!BrokerAnswers.of(described, topic).topicId().equals(header.topicId())) {
        return Optional.empty();
      }
      consumer.assign(List.of(at));
      if (BrokerAnswers.of(consumer.beginningOffsets(List.of(at)), at) > header.offset()) {
        return Optional.empty();
      }
      consumer.seek(at, header.offset());
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
        if (record.offset() == header.offset() && record.value() != null) {
          return Optional.of(updates.decode(record.value()));
        }
      }
      return Optional.empty();
    } catch (KafkaException e) {
      // Who asked is worth a line; a topic that this user may not read is no reason to fail.
      return Optional.empty();
    }
  }

  String words() {
    return switch (kind) {
      case "publish" ->
          "publish %s%s%s; see zonecast history %1$s"
              .formatted(id, file == null ? "" : " of " + file, by == null ? "" : ", by " + by);
      case "update" ->
          "update %s, asked for%s at %s".formatted(id, by == null ? "" : " by " + by, asked);
      default -> "a writer that left no trace; Zonecast's publishes and updates do";
    };
  }

  void addTo(ObjectNode document) {
    ObjectNode origin = document.putObject("origin");
    origin.put("kind", kind).put("id", id).put("file", file).put("by", by);
    origin.put("asked", asked == null ? null : asked.toString());
  }
}
