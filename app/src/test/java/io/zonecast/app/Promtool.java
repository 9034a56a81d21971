package io.zonecast.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Prometheus's own checks, where its {@code promtool} is installed. */
final class Promtool {
  /** Names the program, for where it is not on the path: {@code check} unpacks one. */
  private static final String VARIABLE = "ZONECAST_PROMTOOL";

  /** Why a test is skipped that needs it. */
  static final String MISSING =
      "there is no promtool: set "
          + VARIABLE
          + " to the one of Debian's package prometheus, or run ./check, which unpacks it";

  private final Path program;

  private Promtool(Path program) {
    this.program = program;
  }

  static Optional<Promtool> find() {
    return candidates(System.getenv()).filter(Files::isExecutable).findFirst().map(Promtool::new);
  }

  private static Stream<Path> candidates(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    return Stream.concat(
        named.isEmpty() ? Stream.empty() : Stream.of(Path.of(named)),
        Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
            .map(directory -> Path.of(directory, "promtool")));
  }

  /** What it said, both streams, and how it ended. */
  record Said(int exitCode, String text) {}

  Said run(Path directory, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }
}
