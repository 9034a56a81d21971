package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemcachedProgramTest {

  @Test
  void inDockerItPublishesItsPortToThisMachineOnlyUnderANameThatSignalsCanUse() {
    MemcachedProgram docker = MemcachedProgram.inDocker(Path.of("/usr/bin/docker"));

    ServerCommand server = docker.command(23456, List.of("-I", "2m"));

    assertThat(server.command())
        .containsSequence("--name", server.container().orElseThrow())
        .containsSequence("-p", "127.0.0.1:23456:11211")
        .endsWith("-I", "2m");
  }
}
