package io.zonecast.bench.stage;

import io.zonecast.sandbox.CommandProcess;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.SinkSettings;
import io.zonecast.sink.Verification;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.verify.VerifyProgress;
import io.zonecast.sink.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * A topic and the nodes that must equal it, with the command's defaults for the rest.
 *
 * @param group of the sinks
 * @param nodes as the sinks reach them
 */
public record BenchPool(BenchTopic topic, String group, List<String> nodes) {
  /** What goes before each key in the cache. */
  public static final String PREFIX = "zone:";

  public BenchPool {
    nodes = List.copyOf(nodes);
  }

  /** What a sink of this pool is told. */
  public SinkSettings settings() {
    return SinkSettings.of(
        Map.of("bootstrap.servers", topic.bootstrapServers()),
        topic.name(),
        group,
        CacheLayout.of(nodes.stream().map(NodeAddress::parse).toList()));
  }

  /** A command line's arguments that run {@code command} on this pool. */
  public List<String> arguments(String command, String... further) {
    List<String> arguments = new ArrayList<>();
    arguments.add(command);
    arguments.addAll(List.of("--bootstrap-servers", topic.bootstrapServers()));
    arguments.addAll(List.of("--topic", topic.name()));
    arguments.addAll(List.of("--memcached", String.join(",", nodes)));
    arguments.addAll(List.of("--group", group));
    arguments.addAll(List.of(further));
    return arguments;
  }

  /** Starts a sink of this pool, which does not show itself, as a process of its own. */
  public CommandProcess startSink(String... environment) {
    return ZonecastCommand.start("the sink", arguments("sink", "--http", "none"), environment);
  }

  /** Says on which node, counted from 0, a record's key lives. */
  public ToIntFunction<String> placement() {
    Placement placement =
        PlacementScheme.MODULO.place(nodes.stream().map(NodeAddress::parse).toList());
    return key -> placement.nodeFor((PREFIX + key).getBytes(StandardCharsets.UTF_8));
  }

  /** The keys in the cache of records' keys. */
  public static List<String> entryKeys(List<String> keys) {
    return keys.stream().map(key -> PREFIX + key).toList();
  }

  /** Under which keys a node keeps the pool's checkpoints, by partition. */
  public List<String> checkpointKeys() {
    return IntStream.range(0, ZoneTopic.DEFAULT_PARTITIONS)
        .mapToObj(partition -> CheckpointKey.of(group, topic.name(), partition))
        .toList();
  }

  /** Compares every node with the topic, as {@code zonecast verify} does. */
  public VerifyReport verify() throws IOException, InterruptedException {
    return verify(() -> new ZoneRowDecoder(BundledSchemas.load()));
  }

  /** As the other {@code verify}, of records with a registry's schema ids too. */
  public VerifyReport verify(Supplier<RowDecoder> decoders)
      throws IOException, InterruptedException {
    SinkSettings settings = settings();
    return new Verification(
            settings,
            settings.nodes(),
            ZoneTopic.DEFAULT_PARTITIONS,
            decoders,
            new SilentProgress())
        .run(false)
        .found();
  }

  private record SilentProgress() implements VerifyProgress {
    @Override
    public void progressed(double fraction) {}

    @Override
    public void waits(String why) {}
  }
}
