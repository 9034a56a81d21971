package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sink.node.NodeStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One node's trouble is never another's. */
class IsolationIT {
  private final Stage stage = new Stage(3, 2);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void aNodeThatHasStoppedHoldsBackNoOther() {
    topic.setMany(200, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      stage.node(0).direct().pause();
      try {
        for (int i = 0; i < 20; i++) {
          String key = stage.keyOn(1, i);
          topic.set(stage.keyOn(0, i), "8");
          topic.set(key, "9");
          await()
              .atMost(Stage.SOON)
              .until(
                  () -> stage.raw(1).get(RunningSink.PREFIX + key).filter("9"::equals).isPresent());
        }
      } finally {
        stage.node(0).direct().resume();
      }

      stage.awaitEqual(sink);
    }
  }

  @Test
  void aNodeThatStopsInMidFillHoldsBackNoOther() {
    topic.setMany(60_000, "2");
    stage.node(0).direct().pause();
    try (var sink = stage.start()) {
      try {
        String key = stage.keyOn(1, 0);
        await()
            .atMost(Stage.SOON)
            .until(() -> stage.raw(1).get(RunningSink.PREFIX + key).isPresent());

        topic.set(key, "9");

        await()
            .atMost(Stage.SOON)
            .until(
                () -> stage.raw(1).get(RunningSink.PREFIX + key).filter("9"::equals).isPresent());
      } finally {
        stage.node(0).direct().resume();
      }
      stage.awaitEqual(sink);
    }
  }

  @Test
  void aNodeWithoutMemoryIsStalledAndSaysSoAndGoesOnWhenThereIsSome() {
    stage.add("-m", "2", "-M");
    topic.setMany(90_000, "2");
    try (var sink = stage.start()) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(sink.status().nodes()).hasSize(3);
                NodeStatus full = sink.status().nodes().get(2);
                assertThat(full.state()).isEqualTo(NodeStatus.State.STALLED);
                assertThat(full.detail()).contains("out of memory");
                assertThat(sink.status().nodes().get(0).lanes().inStep()).hasSize(3);
              });

      for (int i = 1_000; i < 90_000; i++) {
        topic.send("usps:%03d:%03d".formatted(i / 1000, i % 1000), null);
      }
      topic.flush();

      stage.awaitEqual(sink);
    }
  }

  @Test
  void aNodeThatTakesNoCheckpointIsNotConnectedToOverAndOver() {
    // Without CAS.
    stage.add("-C");
    topic.setMany(10, "2");
    try (var sink = stage.start()) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(sink.status().nodes()).hasSize(3);
                assertThat(sink.status().nodes().get(2).state()).isEqualTo(NodeStatus.State.DOWN);
                assertThat(sink.status().nodes().get(2).detail()).contains("CAS");
              });
      long before = stage.raw(2).connectionsTaken();

      await().pollDelay(Duration.ofSeconds(3)).until(() -> true);

      assertThat(stage.raw(2).connectionsTaken() - before).isLessThan(8);
    }
  }

  @Test
  void aPoolWithoutItsNodesIsNotInStepAndSaysWhy() {
    topic.setMany(10, "2");
    stage.node(0).kill();
    try (var sink = stage.start()) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(sink.status().isInStep()).isFalse();
                assertThat(sink.status().nodes()).hasSize(2);
                assertThat(sink.status().nodes().get(0).detail()).contains("cannot connect");
                assertThat(sink.status().nodes().get(1).lanes().inStep()).hasSize(3);
              });

      stage.node(0).restartEmpty();

      stage.awaitEqual(sink);
    }
  }
}
