package io.zonecast.app.demo;

import io.zonecast.app.command.CacheWait;
import io.zonecast.app.command.FillWait;
import io.zonecast.app.command.KafkaClients;
import io.zonecast.app.command.StallNotice;
import io.zonecast.app.terminal.Console;
import io.zonecast.ingest.publish.ClientSettings;
import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.publish.ZonePublisher;
import io.zonecast.sandbox.Sandbox;
import io.zonecast.schemas.NewTopicRule;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.sink.Sink;
import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.SinkSettings;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.Watermarks;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The demo's servers, and the clients of ours that its steps share. */
final class DemoServers implements AutoCloseable {
  static final String GROUP = "zones-sink";

  /** As {@link CacheLayout#of} has it. */
  static final String KEY_PREFIX = "zone:";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Sandbox sandbox;
  final List<NodeAddress> nodes;
  final KafkaClients kafka;
  final Admin admin;
  private final Map<String, Object> clientSettings = new HashMap<>();
  private final CacheLayout cache;

  DemoServers(Sandbox sandbox, Optional<DemoRegistry> registry) {
    this.sandbox = sandbox;
    clientSettings.put("bootstrap.servers", bootstrap());
    registry.ifPresent(given -> clientSettings.putAll(given.clientSettings()));
    this.nodes =
        sandbox.memcached().stream().map(node -> NodeAddress.parse(node.address())).toList();
    this.kafka = new KafkaClients(clientSettings, "demo");
    this.admin = kafka.admin();
    this.cache = CacheLayout.of(nodes);
  }

  String bootstrap() {
    return sandbox.broker().bootstrapServers();
  }

  ZonePublisher publisher(io.zonecast.ingest.StepProgress progress) {
    return new ZonePublisher(
        ClientSettings.of(clientSettings),
        RowSerdes.of(clientSettings, clientSettings, ZoneTopic.DEFAULT_NAME),
        PublishSettings.of(ZoneTopic.DEFAULT_NAME),
        progress);
  }

  SinkSettings sinkSettings() {
    return SinkSettings.of(clientSettings, ZoneTopic.DEFAULT_NAME, GROUP, cache);
  }

  Sink sink(SinkEvents events) {
    return new Sink(
        sinkSettings(),
        ZoneTopic.DEFAULT_PARTITIONS,
        NewTopicRule.ANY,
        RowSerdes.decoders(clientSettings, ZoneTopic.DEFAULT_NAME),
        events,
        Timing.SYSTEM);
  }

  CacheNodes look() {
    return new CacheNodes(nodes, GROUP, ZoneTopic.DEFAULT_NAME, cache.writtenWith());
  }

  /** Who watches the nodes being filled. */
  FillWait refill(TopicInfo topic, Console console) {
    return new FillWait(
        look(),
        topic.topicId(),
        Watermarks.of(admin, topic, EndOffsets::high),
        new StallNotice(() -> lag().look(false), console::say, System::nanoTime));
  }

  LagProbe lag() {
    return new LagProbe(admin, kafka::reader, ZoneTopic.DEFAULT_NAME, GROUP, look());
  }

  Map<String, Object> clientSettings() {
    return clientSettings;
  }

  /** Looks at the nodes, each down a connection that stays open. */
  CacheWait watch() throws IOException {
    return new CacheWait(cache, VersionedEntry.Present::text);
  }

  @Nullable String get(String key) throws IOException {
    String prefixed = KEY_PREFIX + key;
    try (NodeConnection connection =
        NodeConnection.open(cache.nodeOf(prefixed), ConnectionSettings.DEFAULT)) {
      return text(connection.readEntries(List.of(prefixed)).get(0));
    }
  }

  /** Waits until the cache has {@code zone}. */
  void awaitZone(String key, String zone) throws IOException, InterruptedException {
    try (CacheWait wait = watch()) {
      if (wait.await(Map.of(key, Optional.of(zone)), PATIENCE) > 0) {
        throw new IOException(
            "the change of %s did not reach the cache in %d s"
                .formatted(key, PATIENCE.toSeconds()));
      }
    }
  }

  private @Nullable String text(VersionedEntry entry) {
    return entry instanceof VersionedEntry.Present present ? present.text() : null;
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    sandbox.close();
  }
}
