package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sink.checkpoint.SettingsDifferException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several sinks of one group, one in a process that is stopped. The simulation kills them. */
class GroupIT {
  private final Stage stage = new Stage(3, 2);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
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
