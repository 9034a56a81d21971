package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with too little memory, and nodes that keep theirs. */
class MemoryIT {
  private static final int ROWS = 2_000;

  private final Stage stage = new Stage(3, 0);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void aNodeThatEvictsIsDegradedAndSaysWhatItNeedsAndSoDoesLag() {
    stage.add("-m", "2");
    topic.setMany(60_000, "2");
    try (var sink = stage.start()) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(sink.status().nodes()).isNotEmpty();
                NodeStatus node = sink.status().nodes().get(0);
                assertThat(node.state()).isEqualTo(NodeStatus.State.DEGRADED);
                assertThat(node.detail())
                    .containsPattern(
                        "evicted [0-9,]+ entries: it needs about 6 MB and has 2: start it with"
                            + " -m 7 or add a node");
              });

      assertThat(sink.status().isInStep()).as("it gets whatever comes").isTrue();
      NodeLag lag = stage.lag().nodes().get(0);
      assertThat(lag.state()).isEqualTo(NodeState.DEGRADED);
      assertThat(lag.detail()).containsPattern("evicted [0-9,]+ entries: its 2 MB do not hold");
      assertThat(stage.lag().headline()).contains("CAUGHT UP; node ").contains("is DEGRADED");
    }
  }

  @Test
  void othersEntriesDegradeANodeUntilItIsStartedAgain() {
    stage.add("-m", "2");
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      awaitState(sink, NodeStatus.State.IN_STEP);

      // Of a size that ours have not, so that none of ours is evicted.
      for (int i = 0; i < 300; i++) {
        stage.raw(0).set("other:" + i, "x".repeat(10_000));
      }

      awaitState(sink, NodeStatus.State.DEGRADED);
      assertThat(sink.status().nodes().get(0).detail()).contains("its 2 MB do not hold all");
      stage.node(0).direct().restartEmpty();
      awaitState(sink, NodeStatus.State.IN_STEP);
      stage.awaitEqual(sink);
    }
  }

  @Test
  void beingDegradedHidesNoNodeThatIsDown() {
    stage.add("-m", "2");
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      for (int i = 0; i < 300; i++) {
        stage.raw(0).set("other:" + i, "x".repeat(10_000));
      }
      awaitState(sink, NodeStatus.State.DEGRADED);

      stage.node(0).direct().kill();

      awaitState(sink, NodeStatus.State.DOWN);
    }
  }

  @Test
  void aStrictSinkLeavesANodeEmptyThatIsTooSmallAndFillsTheOthers() {
    stage.add("-m", "2");
    stage.add();
    topic.setMany(60_000, "2");
    try (var sink = stage.start(SinkSettings::strict)) {
      awaitState(sink, NodeStatus.State.STALLED);
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.status().nodes().get(1).state())
                      .isEqualTo(NodeStatus.State.IN_STEP));

      assertThat(sink.status().nodes().get(0).detail())
          .containsPattern("entries need about \\d+ MB and it has 2: start it with -m \\d+");
      assertThat(stage.raw(0).entries(RunningSink.PREFIX)).isEmpty();
      LagReport lag = stage.lag();
      assertThat(lag.verdict()).as("it would never be caught up").isEqualTo(Verdict.STALLED);
      assertThat(lag.nodes().get(0).state()).isEqualTo(NodeState.FILLING);
      assertThat(lag.headline()).contains("is FILLING 0 %").contains("the sink's log says why");
    }
  }

  @Test
  void aNodeRestartedWithItsMemoryGetsOnlyWhatItMissed(@TempDir Path directory) throws Exception {
    Path memory = forEverybody(directory).resolve("memory");
    stage.add("-m", "64", "-e", memory.toString());
    assumeTrue(Files.exists(memory), "this memcached keeps no memory file (-e): before 1.5.18");
    topic.setMany(ROWS, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
      long before = sink.entries();

      stage
          .node(0)
          .direct()
          .restartWarm(
              () -> {
                topic.set("usps:000:005", "9");
                topic.remove("usps:000:006");
                stopLongAgo(memory.resolveSibling("memory.meta"));
              });
      topic.set("usps:000:007", "8");

      stage.awaitEqual(sink);
      assertThat(sink.entries() - before).isLessThan(10);
    }
  }

  private void awaitState(RunningSink sink, NodeStatus.State state) {
    await()
        .atMost(Stage.SOON)
        .untilAsserted(
            () -> {
              assertThat(sink.status().nodes()).isNotEmpty();
              assertThat(sink.status().nodes().get(0).state())
                  .as("%s", sink.status())
                  .isEqualTo(state);
            });
  }

  /** memcached gives up root before it opens its file. */
  private static Path forEverybody(Path directory) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /**
   * memcached starts its clock a minute in the past, and takes no memory that was left in that
   * clock's future: only after more than a minute down, which a test has not.
   */
  private static void stopLongAgo(Path metadata) {
    try {
      List<String> lines =
          Files.readAllLines(metadata).stream()
              .map(
                  line ->
                      line.startsWith("Kstop_time ")
                          ? "Kstop_time " + (Long.parseLong(line.substring(11)) - 70)
                          : line)
              .toList();
      Files.write(metadata, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
