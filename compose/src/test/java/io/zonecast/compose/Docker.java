package io.zonecast.compose;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Docker's client, and that of Compose, of which there are two generations. */
final class Docker {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration TO_PULL = Duration.ofMinutes(5);

  private Docker() {}

  /** What Docker said to this. */
  static Program.Ran run(String... arguments) {
    return run(LIMIT, arguments);
  }

  private static Program.Ran run(Duration atMost, String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Program.run(atMost, Map.of(), command);
  }

  /** Whether an engine answers. */
  static boolean engineAnswers() {
    return succeeds(List.of("docker", "version", "--format", "{{.Server.Version}}"));
  }

  static boolean hasImage(String image) {
    return run("image", "inspect", image).succeeded();
  }

  /** Whether there is such an image, at the latest once it was pulled. */
  static boolean canHaveImage(String image) {
    return hasImage(image) || run(TO_PULL, "pull", image).succeeded();
  }

  /** The words that Compose is called with: a part of Docker's client, else the older program. */
  static Optional<List<String>> compose() {
    return List.of(List.of("docker", "compose"), List.of("docker-compose")).stream()
        .filter(
            words -> {
              List<String> question = new ArrayList<>(words);
              question.add("version");
              return succeeds(question);
            })
        .findFirst();
  }

  private static boolean succeeds(List<String> command) {
    try {
      return Program.run(LIMIT, Map.of(), command).succeeded();
    } catch (UncheckedIOException notInstalled) {
      return false;
    }
  }
}
