package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sink.checkpoint.SettingsDifferException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several sinks of one group, in processes that are killed and stopped. */
class GroupIT {
  private static final int ROWS = 150_000;

  private final Stage stage = new Stage(3, 2);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void aSinkKilledInMidFillLosesNothingAfterARestart() {
    topic.setMany(ROWS, "2");
    try (var killed = SinkProcess.start(topic, stage.group(), stage.addresses())) {
      await()
          .atMost(Stage.SOON)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> stage.raw(0).entryCount() > 1_000);
      stage.node(0).direct().pause();

      killed.kill();

      stage.node(0).direct().resume();
      assertThat(stage.raw(0).entryCount()).isLessThan(ROWS / 2);
    }
    for (int i = 0; i < 100; i++) {
      topic.send("usps:000:%03d".formatted(i), i % 2 == 0 ? null : "9");
    }
    topic.flush();

    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
  }

  @Test
  void twoSinksShareThePartitionsAndOneTakesOverWhenTheOtherIsKilled() {
    topic.setMany(1_000, "2");
    try (var sink = stage.start();
        var other = SinkProcess.start(topic, stage.group(), stage.addresses())) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(() -> assertThat(sink.status().partitions()).hasSizeBetween(1, 2));
      topic.set("usps:000:001", "3");
      stage.awaitEqual(sink);

      other.kill();
      for (int i = 0; i < 100; i++) {
        topic.set("usps:000:%03d".formatted(i), "9");
      }

      await()
          .atMost(Stage.SOON)
          .untilAsserted(() -> assertThat(sink.status().partitions()).hasSize(3));
      stage.awaitEqual(sink);
    }
  }

  @Test
  void whenANewListOfNodesComesTheSinksWithTheOldOneStopAndThePoolIsTheNewOne() {
    topic.setMany(2_000, "2");
    try (var old = stage.start();
        var otherOld = stage.start()) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(old.status().partitions()).hasSizeBetween(1, 2);
                assertThat(otherOld.status().partitions()).hasSizeBetween(1, 2);
              });
      stage.awaitEqual(old);
      String oldList = String.join(",", stage.addresses());
      stage.add();
      String newList = String.join(",", stage.addresses());

      try (var sink = stage.start()) {
        for (RunningSink stopped : List.of(old, otherOld)) {
          await().atMost(Stage.SOON).until(stopped.end()::isDone);
          assertThat(stopped.end().join())
              .isInstanceOf(SettingsDifferException.class)
              .hasMessageContaining("\"" + oldList + "\" here")
              .hasMessageContaining("\"" + newList + "\" there");
        }

        topic.set("usps:000:001", "3");
        stage.awaitEqual(sink);
        assertThat(sink.status().partitions()).hasSize(3);
      }
    }
  }

  @Test
  void aSinkThatSleptThroughItsSessionWritesNothingOldWhenItWakes() {
    topic.setMany(1_000, "2");
    try (var sleeper = SinkProcess.start(topic, stage.group(), stage.addresses())) {
      await().atMost(Stage.SOON).until(() -> stage.differences().isEmpty());
      sleeper.pause();
      try (var sink = stage.start()) {
        await()
            .atMost(Stage.SOON)
            .untilAsserted(() -> assertThat(sink.status().partitions()).hasSize(3));
        for (int i = 0; i < 100; i++) {
          topic.set("usps:000:%03d".formatted(i), "9");
        }
        stage.awaitEqual(sink);

        sleeper.resume();

        await()
            .atMost(Stage.SOON)
            .untilAsserted(() -> assertThat(sink.status().partitions()).hasSizeLessThan(3));
        topic.set("usps:000:001", "7");
        stage.awaitEqual(sink);
        assertThat(sleeper.isAlive()).isTrue();
      }
    }
  }
}
