package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;

/** Topics of the shared broker, each test's its own, and what they hold. */
final class Topics {
  private Topics() {}

  static String newName() {
    return "zones-" + UUID.randomUUID();
  }

  static ClientSettings clients() {
    return ClientSettings.of(
        Map.of("bootstrap.servers", Servers.shared().broker().bootstrapServers()));
  }

  static Admin admin() {
    return Admin.create(clients().admin());
  }

  static ZonePublisher publisher(PublishSettings settings) {
    return publisher(settings, StepProgress.NONE);
  }

  static ZonePublisher publisher(PublishSettings settings, StepProgress progress) {
    return new ZonePublisher(clients(), RowSerdes.bundled(), settings, progress);
  }

  /** Publishes CSV rows, under a header, with every guard in force. */
  static PublishSettings settings(String topic, Guards guards) {
    return new PublishSettings(
        topic,
        ZoneTopic.DEFAULT_PARTITIONS,
        PublishSettings.DEFAULT_TRANSACTION_TIMEOUT,
        guards,
        Optional.empty());
  }

  static PublishOutcome publish(Path directory, String topic, String... rows) throws Exception {
    return publisher(PublishSettings.of(topic)).publish(csv(directory, rows));
  }

  static Edition csv(Path directory, String... rows) throws IOException {
    return file(directory, FileOptions.NONE, "carrier,origin,destination,zone,flags", rows);
  }

  static Edition file(Path directory, FileOptions options, String header, String... rows)
      throws IOException {
    Path path = Files.createTempFile(directory, "zones", ".csv");
    Files.writeString(
        path,
        header + "\n" + String.join("\n", rows) + (rows.length == 0 ? "" : "\n"),
        StandardCharsets.UTF_8);
    return Edition.open(path, options);
  }

  static PlainTopic plain(String topic) {
    return new PlainTopic(Servers.shared().broker().bootstrapServers(), topic);
  }

  /** What a replay of committed records gives: each key's latest row, in words. */
  static Map<String, String> rows(String topic) {
    Map<String, String> rows = new TreeMap<>();
    ZoneRowDecoder decoder = new ZoneRowDecoder(BundledSchemas.load());
    RowFields fields = new RowFields();
    plain(topic)
        .values()
        .forEach(
            (key, value) -> {
              decoder.decode(ByteBuffer.wrap(value), fields);
              rows.put(key, fields.zone() + (fields.flags().isNull() ? "" : " " + fields.flags()));
            });
    return rows;
  }
}
