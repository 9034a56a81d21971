package io.zonecast.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.wire.RowSerde;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pictures in {@code docs/architecture.md} are of the topology that runs, arrow by arrow. */
class TopologyPictureTest {
  private static final HighWatermarks NOTHING_RUNS =
      partitions -> {
        throw new IllegalStateException("nothing runs");
      };
  private static final Path PAGE = Path.of("..", "docs", "architecture.md");

  @ParameterizedTest
  @CsvSource({"topology, false", "topology with --reject-stale, true"})
  void thePictureHasTheArrowsOfTheTopology(String picture, boolean rejectStale) throws IOException {
    assertThat(arrowsOf(picture(picture))).isEqualTo(arrowsOf(describe(rejectStale)));
  }

  private static TopologyDescription describe(boolean rejectStale) {
    String table = ZoneTopic.DEFAULT_NAME;
    RowSerde rows = RowSerdes.bundled();
    return new UpdateTopology(
            table,
            ZoneTopic.DEFAULT_PARTITIONS,
            "zones-stream",
            rejectStale,
            TopologyBench.progress(NOTHING_RUNS),
            NOTHING_RUNS,
            TopologyBench.NOBODY_ASKS,
            new StreamCounts())
        .build(
            () -> UpdateSerdes.decoder(Map.of(), ZoneTopic.updatesOf(table)),
            rows::decoder,
            rows::encoder,
            Stores::persistentKeyValueStore,
            table)
        .describe();
  }

  private static String picture(String name) throws IOException {
    Matcher found =
        Pattern.compile(Pattern.quote("<!-- " + name + " -->\n```\n") + "(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(found.find()).as("%s has a picture \"%s\"", PAGE, name).isTrue();
    return found.group(1);
  }

  /** Each line is a path: from each of its names to the next. */
  private static Set<String> arrowsOf(String picture) {
    Set<String> arrows = new TreeSet<>();
    for (String line : picture.lines().toList()) {
      String[] names = line.strip().split("\\s*─+▶\\s*", -1);
      for (int i = 1; i < names.length; i++) {
        arrows.add(arrow(names[i - 1], names[i]));
      }
    }
    return arrows;
  }

  private static Set<String> arrowsOf(TopologyDescription description) {
    Set<String> arrows = new TreeSet<>();
    for (Subtopology part : description.subtopologies()) {
      for (Node node : part.nodes()) {
        node.successors().forEach(next -> arrows.add(arrow(node.name(), next.name())));
        if (node instanceof Source source) {
          source.topicSet().forEach(topic -> arrows.add(arrow("(" + topic + ")", node.name())));
        } else if (node instanceof Sink sink) {
          arrows.add(arrow(node.name(), "(" + sink.topic() + ")"));
        } else if (node instanceof Processor processor) {
          processor.stores().forEach(store -> arrows.add(arrow(node.name(), "[" + store + "]")));
        }
      }
    }
    return arrows;
  }

  /** Whether a store is written or read, Streams does not say: the arrow is the same. */
  private static String arrow(String from, String to) {
    return from.startsWith("[") ? arrow(to, from) : from + " -> " + to;
  }
}
