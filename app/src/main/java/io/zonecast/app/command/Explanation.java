package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.ingest.publish.RowHeaders;
import io.zonecast.ingest.stream.UpdateHeader;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.publishes.LastPublish;
import io.zonecast.schemas.publishes.PublishEntry;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.serde.UpdateSerdes;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * Why the cache answers as it does: the row in the topic, who wrote it, and whether both agree.
 *
 * @param row null if the topic has no record of the key
 * @param origin who wrote that record; null without one
 */
record Explanation(CacheLookup.Found found, @Nullable TopicRow row, @Nullable RowOrigin origin) {

  /** Reads the key's partition of the topic, with progress. */
  static Explanation of(
      CommonOptions common, int partitions, CacheLookup.Found found, Console console) {
    KafkaClients kafka = new KafkaClients(common.kafka(), "get");
    try (Admin admin = kafka.admin();
        Consumer<byte[], byte[]> consumer = kafka.reader(IsolationLevel.READ_COMMITTED);
        ProgressDisplay progress = console.progress("reading the topic", "offsets")) {
      TopicInfo topic = ZoneTopic.check(admin, common.topic(), partitions);
      Optional<TopicRow> row =
          TopicRow.find(
              consumer,
              RowSerdes.decoder(common.kafka().consumer(), topic.name()),
              topic,
              found.zoneKey(),
              progress);
      return new Explanation(
          found,
          row.orElse(null),
          row.map(it -> origin(it, common, kafka, admin, consumer)).orElse(null));
    }
  }

  private static RowOrigin origin(
      TopicRow row,
      CommonOptions common,
      KafkaClients kafka,
      Admin admin,
      Consumer<byte[], byte[]> consumer) {
    Optional<UpdateHeader> update = UpdateHeader.of(row.headers());
    if (update.isEmpty()) {
      return RowHeaders.source(row.headers())
          .map(source -> RowOrigin.ofPublish(source, publisher(source, common, kafka, admin)))
          .orElseGet(RowOrigin::unknown);
    }
    String updates = ZoneTopic.updatesOf(common.topic());
    return RowOrigin.ofUpdate(
        update.get(),
        RowOrigin.find(
                admin,
                consumer,
                UpdateSerdes.decoder(common.kafka().consumer(), updates),
                updates,
                row.partition(),
                update.get())
            .map(ZoneUpdate::getRequestedBy)
            .orElse(null));
  }

  private static @Nullable String publisher(
      RowHeaders.Source source, CommonOptions common, KafkaClients kafka, Admin admin) {
    PublishEntry entry =
        LastPublish.find(
                admin,
                kafka::reader,
                common.topic(),
                each -> each.getId().equals(source.publishId()))
            .entry();
    return entry == null ? null : entry.user();
  }

  private boolean agrees() {
    return Objects.equals(found.zone(), row == null ? null : row.zone());
  }

  int answer(Console console, boolean json) {
    if (json) {
      console.answer(document());
    } else {
      print(console);
    }
    return found.zone() != null && agrees() ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
  }

  private void print(Console console) {
    console.answer(found.zoneKey().toString());
    console.answer("  in the topic: " + inTheTopic());
    if (origin != null) {
      console.answer("  written by:   " + origin.words());
    }
    console.answer(
        "  in the cache: %s, node %s, key %s"
            .formatted(
                found.zone() == null ? "nothing" : "zone " + found.zone(),
                found.node(),
                found.key()));
    console.answer(
        agrees() ? "  they agree" : "  they DIFFER; zonecast lag tells whether the sink is behind");
  }

  private String inTheTopic() {
    if (row == null) {
      return "nothing; no record of this key has ever been written, or its tombstone is gone";
    }
    ZoneRow zoneRow = row.row();
    return "%s; partition %d, offset %d, written at %s"
        .formatted(
            zoneRow == null ? "removed (a tombstone)" : words(zoneRow),
            row.partition(),
            row.offset(),
            row.time());
  }

  private static String words(ZoneRow row) {
    return "zone "
        + row.getZone()
        + (row.getFlags() == null ? "" : ", flags " + row.getFlags())
        + (row.getEffectiveDate() == null ? "" : ", effective " + row.getEffectiveDate());
  }

  private ObjectNode document() {
    ObjectNode document = GetCommand.document(found);
    document.put("agree", agrees());
    if (row == null) {
      document.putNull("row");
    } else {
      ZoneRow zoneRow = row.row();
      ObjectNode there = document.putObject("row");
      there.put("partition", row.partition()).put("offset", row.offset());
      there.put("time", row.time().toString());
      there.put("zone", row.zone());
      there.put("flags", zoneRow == null ? null : zoneRow.getFlags());
      there.put(
          "effectiveDate",
          zoneRow == null || zoneRow.getEffectiveDate() == null
              ? null
              : zoneRow.getEffectiveDate().toString());
    }
    if (origin != null) {
      origin.addTo(document);
    }
    return document;
  }
}
