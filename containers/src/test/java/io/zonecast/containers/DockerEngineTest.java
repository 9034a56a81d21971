package io.zonecast.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sandbox.ContainerServers.EngineAnswer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerEngineTest {
  private static final Optional<String> HERE = Optional.of("build-7");

  @Test
  void anEngineOnThisMachineIsOfUse() {
    EngineAnswer answer = DockerEngine.judge(Optional.of("20.10.24 build-7 linux"), HERE);

    assertThat(answer).isEqualTo(new EngineAnswer(true, "Docker 20.10.24 answers"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"27.0 docker-desktop linux", "27.0 build-7 windows"})
  void oneElsewhereIsNotAsItsContainersHaveAnotherLoopbackInterface(String info) {
    EngineAnswer answer = DockerEngine.judge(Optional.of(info), HERE);

    assertThat(answer.usable()).isFalse();
    assertThat(answer.says()).startsWith("the Docker engine that answers, 27.0 on ");
  }

  @Test
  void onAMachineWithoutAHostNameOfLinuxNoneIsHere() {
    EngineAnswer answer =
        DockerEngine.judge(Optional.of("27.0 docker-desktop linux"), Optional.empty());

    assertThat(answer.usable()).isFalse();
  }

  /** An older command prints its template with nothing in it when the engine does not answer. */
  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "something else altogether that is longer"})
  void whatIsNoAnswerIsNone(String info) {
    EngineAnswer answer = DockerEngine.judge(Optional.of(info), HERE);

    assertThat(answer).isEqualTo(new EngineAnswer(false, "no Docker engine answers"));
  }
}
