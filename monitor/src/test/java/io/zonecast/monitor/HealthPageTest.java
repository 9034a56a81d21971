package io.zonecast.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthPageTest {
  private final Served served;

  HealthPageTest() throws IOException {
    served =
        new Served(
            Map.of(
                "/well", new HealthPage(() -> Health.Answer.ok("caught up")),
                "/ill", new HealthPage(() -> Health.Answer.failing("node \"a\" is down"))));
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void healthIsAStatusAndALineOfText() {
    assertThat(served.get("/well").statusCode()).isEqualTo(200);
    assertThat(served.get("/well").body()).isEqualTo("ok: caught up\n");
    assertThat(served.get("/ill").statusCode()).isEqualTo(503);
    assertThat(served.get("/ill").body()).isEqualTo("failing: node \"a\" is down\n");
  }

  @Test
  void jsonIsGivenToWhoAsksForIt() {
    String expected = "{\"status\":\"failing\",\"reason\":\"node \\\"a\\\" is down\"}";

    assertThat(served.get("/ill?format=json").body()).isEqualTo(expected);
    assertThat(served.get("/ill", "Accept", "application/json").body()).isEqualTo(expected);
    assertThat(served.get("/ill?format=json").headers().firstValue("Content-Type"))
        .hasValue("application/json");
  }
}
