package io.zonecast.sink.cache.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.placement.ReadingGuide.Reader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code docs/reading.md} tells readers to write, run against entries that lie where {@link
 * PlacementScheme} puts them.
 */
class ReadersIT {
  private static final int KEYS = 600;
  private static final int ZIPS = 30;
  private static final long[] FLAGS = {0, 2, 4, 16};

  private static final List<MemcachedNode> NODES = new ArrayList<>();

  @TempDir private Path directory;

  @BeforeAll
  static void startNodes() {
    for (int i = 0; i < 3; i++) {
      NODES.add(Servers.shared().memcached("-m", "64"));
    }
  }

  @AfterAll
  static void stopNodes() {
    NODES.forEach(MemcachedNode::close);
  }

  static List<Reader> readers() throws IOException {
    return ReadingGuide.read().readers();
  }

  /** Both at once: some of these programs take seconds to start. */
  @ParameterizedTest
  @MethodSource("readers")
  void everyZoneIsFoundWhereTheReaderLooksAndReadAsTheTableOfTheGuideSays(Reader reader)
      throws Exception {
    Map<String, String> zones = new LinkedHashMap<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "usps:%03d:%03d".formatted(i / 60, i % 997);
      zones.put(key, Integer.toString(1 + i % 9));
    }
    List<String> asked = new ArrayList<>(zones.keySet().stream().map(ReadersIT::spaced).toList());
    List<String> expected = new ArrayList<>(zones.values());
    for (int i = 0; i < ZIPS; i++) {
      zones.put("zips:%03d:902".formatted(i), "4");
      if (i % 2 == 0) {
        zones.put("zips:%03d:90210".formatted(i), "7");
      }
      asked.add("zips %03d 90210".formatted(i));
      expected.add(i % 2 == 0 ? "7" : "4");
    }
    empty();
    store(reader, 0, zones);
    for (long flags : FLAGS) {
      store(reader, flags, Map.of("flags:005:" + flags, "5"));
      asked.add("flags 005 " + flags);
    }

    List<String> answers = program(reader).read(asked);

    assertThat(
            answers.subList(0, KEYS + ZIPS).stream()
                .map(answer -> answer.replaceAll("^b?['\"]|['\"]$", "")))
        .containsExactlyElementsOf(expected);
    StringBuilder row =
        new StringBuilder(
            "| %s | %s | `%s` |".formatted(reader.name(), placement(reader), reader.keyPrefix()));
    answers
        .subList(KEYS + ZIPS, answers.size())
        .forEach(it -> row.append(" `").append(it).append("` |"));
    assertThat(ReadingGuide.read().tableLines()).contains(row.toString());
  }

  private static String placement(Reader reader) {
    return reader.readsOneNode() ? reader.placement() : "`" + reader.placement() + "`";
  }

  private ReaderProgram program(Reader reader) throws IOException {
    return new ReaderProgram(reader, nodes(reader), directory);
  }

  private static List<NodeAddress> nodes(Reader reader) {
    return NODES.stream()
        .limit(reader.readsOneNode() ? 1 : NODES.size())
        .map(node -> NodeAddress.parse(node.address()))
        .toList();
  }

  private static void empty() throws IOException {
    for (MemcachedNode node : NODES) {
      try (NodeConnection connection = connect(NodeAddress.parse(node.address()))) {
        connection.flushAll();
      }
    }
  }

  private static NodeConnection connect(NodeAddress node) throws IOException {
    return NodeConnection.open(node, ConnectionSettings.DEFAULT);
  }

  private static void store(Reader reader, long flags, Map<String, String> zones)
      throws IOException {
    List<NodeAddress> nodes = nodes(reader);
    Placement placement = reader.scheme().place(nodes);
    List<EntryBatch> batches = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      batches.add(new EntryBatch(reader.keyPrefix(), flags));
    }
    zones.forEach(
        (key, zone) ->
            batches
                .get(placement.nodeFor((reader.keyPrefix() + key).getBytes(UTF_8)))
                .set(key.getBytes(UTF_8), zone.getBytes(UTF_8)));
    for (int i = 0; i < nodes.size(); i++) {
      try (NodeConnection connection = connect(nodes.get(i))) {
        assertThat(connection.sendLoud(batches.get(i), Duration.ofSeconds(5))).isEmpty();
      }
    }
  }

  private static String spaced(String key) {
    return key.replace(':', ' ');
  }
}
