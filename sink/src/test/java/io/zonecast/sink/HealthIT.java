package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a probe hears from a sink, over HTTP. */
class HealthIT {
  private final Stage stage = new Stage(2, 2);

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void aSinkWhoseNodeIsAwayLivesAndIsNotReadyUntilItIsBack() {
    stage.topic().setMany(100, "2");
    stage.node(1).link().refuseConnections();
    try (MonitoredSink sink = MonitoredSink.start(stage, stage.links())) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.get("/readyz").body())
                      .startsWith("failing: node " + stage.links().get(1) + " is DOWN, 0 of 2"));
      assertThat(sink.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(sink.get("/livez").statusCode()).isEqualTo(200);
      assertThat(sink.get("/livez").body()).startsWith("ok: the poll loop began a turn ");

      stage.node(1).link().acceptConnections();

      await()
          .atMost(Stage.SOON)
          .untilAsserted(() -> assertThat(sink.get("/readyz").statusCode()).isEqualTo(200));
      stage.node(0).link().refuseConnections();
      stage.node(0).link().cut();
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.get("/readyz?format=json").body())
                      .startsWith(
                          "{\"status\":\"failing\",\"reason\":\"node " + stage.links().get(0)));
      assertThat(sink.get("/livez").statusCode()).isEqualTo(200);
    }
  }
}
