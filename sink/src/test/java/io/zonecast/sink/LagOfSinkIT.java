package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeSnapshot;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionState;
import io.zonecast.sink.lag.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code lag} says, from the outside, of a sink and its nodes. */
class LagOfSinkIT {
  private static final int PARTITIONS = 6;

  private final Stage stage = new Stage(PARTITIONS, 0);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  /** What a look at a node said of its fill. */
  private record Foretold(double filled, double secondsLeft) {}

  @Test
  void aFillTellsHowFarItIsAndHowLongItStillNeeds() {
    stage.add();
    topic.setMany(400_000, "2");
    Uuid topicId = ZoneTopic.check(topic.admin(), topic.name(), topic.partitions()).topicId();
    CacheNodes nodes = stage.look();
    List<Foretold> foretold = new ArrayList<>();
    try (var sink = stage.start()) {
      CompletableFuture<LagReport> lag =
          CompletableFuture.supplyAsync(
              () -> {
                await().atMost(Stage.SOON).until(() -> !sink.status().nodes().isEmpty());
                await()
                    .atMost(Stage.SOON)
                    .until(() -> sink.status().nodes().get(0).lanes().fraction() > 0.05);
                return stage.lag();
              });

      await()
          .atMost(Stage.SOON)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> isFilled(nodes.look(topicId, partitions()).get(0), foretold));
      assertThat(foretold).as("looks at a fill under way").hasSizeGreaterThan(2);
      // How near the truth that is depends on the machine: FillPaceTest has the reckoning.
      assertThat(foretold).allMatch(said -> said.secondsLeft() < Stage.SOON.toSeconds());
      assertThat(lag.join().verdict())
          .as("%s", lag.join().headline())
          .isNotEqualTo(Verdict.STALLED);
    }
  }

  @Test
  void aNodeThatIsDownIsSaidToBeSoSinceWhenByTheOthers() {
    stage.add();
    stage.add();
    topic.setMany(1_000, "2");
    Instant before = Instant.now();
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      stage.node(1).direct().kill();

      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                LagReport lag = stage.lag();
                NodeLag down = lag.nodes().get(1);
                assertThat(down.state()).isEqualTo(NodeState.DOWN);
                assertThat(down.since()).isBetween(before, Instant.now());
                assertThat(down.stats()).isNull();
                assertThat(down.detail())
                    .startsWith("memcached " + down.node() + ": cannot connect: ");
                assertThat(lag.verdict()).isEqualTo(Verdict.STALLED);
                assertThat(lag.headline()).contains("STALLED for ").contains(" is DOWN since 2");
                assertThat(lag.nodes().get(0).state()).isEqualTo(NodeState.IN_STEP);
              });
    }
  }

  @Test
  void withoutASinkTheNewestCheckpointSaysUntilWhenThereWasOne() {
    stage.add();
    topic.setMany(1_000, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
    topic.set("usps:000:001", "3");

    LagReport lag = stage.lag();

    assertThat(lag.verdict()).isEqualTo(Verdict.NO_SINK);
    assertThat(lag.since()).isNotNull().isBetween(Instant.now().minusSeconds(180), Instant.now());
    assertThat(lag.headline())
        .contains("NO SINK for at most ")
        .endsWith("no member in the group, behind by at most 1 record");
    assertThat(lag.nodes().get(0).state())
        .as("it has what the sink had")
        .isEqualTo(NodeState.IN_STEP);
    assertThat(lag.nodes().get(0).behindRecordsAtMost()).isEqualTo(1);
  }

  @Test
  void aRecordThatNobodyCanReadYetStallsItsPartitionAlone() {
    stage.add();
    topic.setMany(1_000, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
      topic.raw("usps:000:001", new byte[] {0, 0, 0, 0, 77, 1}, partitionOf("usps:000:001"));

      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                LagReport lag = stage.lag();
                assertThat(lag.verdict()).isEqualTo(Verdict.STALLED);
                assertThat(lag.partitions().get(0).partition())
                    .as("worst first")
                    .isEqualTo(partitionOf("usps:000:001"));
                assertThat(lag.partitions().get(0).state()).isEqualTo(PartitionState.STALLED);
                assertThat(lag.partitions().subList(1, PARTITIONS))
                    .allMatch(partition -> partition.state() == PartitionState.CAUGHT_UP);
              });
    }
  }

  /** Whether the node lacks nothing; what it says until then is noted from a fifth on. */
  private static boolean isFilled(NodeSnapshot sight, List<Foretold> foretold) {
    double filled = 0;
    long live = 0;
    double secondsLeft = -1;
    for (NodeSnapshot.OnPartition its : sight.partitions().values()) {
      Checkpoint checkpoint = its.checkpoint();
      FillProgress fill = its.fill();
      if (checkpoint != null && checkpoint.state() == Checkpoint.State.LIVE) {
        live++;
        filled += 1;
      } else if (fill != null) {
        Duration left = fill.left();
        filled += fill.share();
        secondsLeft = left == null ? secondsLeft : left.toMillis() / 1e3;
      }
    }
    if (filled / PARTITIONS >= 0.2 && secondsLeft >= 0) {
      foretold.add(new Foretold(filled / PARTITIONS, secondsLeft));
    }
    return live == PARTITIONS;
  }

  private static List<Integer> partitions() {
    return IntStream.range(0, PARTITIONS).boxed().toList();
  }

  private static int partitionOf(String key) {
    return BuiltInPartitioner.partitionForKey(TestTopic.ascii(key), PARTITIONS);
  }
}
