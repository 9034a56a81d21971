package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerChoiceTest {
  private static final ContainerServers USABLE = new Containers(true, "Docker 27.0 answers");
  private static final ContainerServers UNUSABLE =
      new Containers(false, "no Docker engine answers");

  @Test
  void serversAreContainersWhereAnEngineAnswers() {
    ServerChoice choice = ServerChoice.make(Optional.empty(), Optional.of(USABLE));

    assertThat(choice.source()).isSameAs(USABLE);
    assertThat(choice.why()).isEqualTo("containers, Docker 27.0 answers");
  }

  @Test
  void serversAreProcessesWhereNoEngineAnswers() {
    ServerChoice choice = ServerChoice.make(Optional.empty(), Optional.of(UNUSABLE));

    assertThat(choice.source()).isInstanceOf(ProcessServers.class);
    assertThat(choice.why()).isEqualTo("processes, no Docker engine answers");
  }

  @Test
  void serversAreProcessesWhereNoContainersAreOnTheClassPath() {
    ServerChoice choice = ServerChoice.make(Optional.empty(), Optional.empty());

    assertThat(choice.source()).isInstanceOf(ProcessServers.class);
  }

  @Test
  void anEngineThatAnswersIsNotUsedWhenProcessesAreForced() {
    ServerChoice choice = ServerChoice.make(Optional.of("processes"), Optional.of(USABLE));

    assertThat(choice.source()).isInstanceOf(ProcessServers.class);
    assertThat(choice.why()).isEqualTo("processes, as -Dzonecast.test.servers says");
  }

  @Test
  void containersThatAreForcedAreContainers() {
    ServerChoice choice = ServerChoice.make(Optional.of("containers"), Optional.of(USABLE));

    assertThat(choice.source()).isSameAs(USABLE);
    assertThat(choice.why()).isEqualTo("containers, as -Dzonecast.test.servers says");
  }

  @Test
  void containersThatAreForcedAreNeverReplacedByProcesses() {
    assertThatThrownBy(() -> ServerChoice.make(Optional.of("containers"), Optional.of(UNUSABLE)))
        .isInstanceOf(SandboxException.class)
        .hasMessage(
            "-Dzonecast.test.servers=containers, and no Docker engine answers; start one here, or"
                + " take processes");
    assertThatThrownBy(() -> ServerChoice.make(Optional.of("containers"), Optional.empty()))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("add zonecast-containers");
  }

  @Test
  void anyOtherWordIsRefused() {
    assertThatThrownBy(() -> ServerChoice.make(Optional.of("docker"), Optional.of(USABLE)))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("-Dzonecast.test.servers=docker is neither");
  }

  /** Says what it is told to, and starts nothing. */
  private record Containers(boolean usable, String says) implements ContainerServers {

    @Override
    public EngineAnswer engine() {
      return new EngineAnswer(usable, says);
    }

    @Override
    public KafkaBroker broker(BrokerSettings settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemcachedServer memcached(List<String> options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasSchemaRegistry() {
      return false;
    }

    @Override
    public SchemaRegistryServer schemaRegistry() {
      throw new UnsupportedOperationException();
    }
  }
}
