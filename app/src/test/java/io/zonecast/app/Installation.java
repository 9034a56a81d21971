package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * What was built, installed somewhere else: with an {@code ext/} of its own beside the launcher.
 */
final class Installation {
  private final Path home;

  private Installation(Path home) {
    this.home = home;
  }

  /** Copies the launcher into {@code home}; the jars are those that were built. */
  static Installation in(Path home) throws IOException {
    Files.createDirectories(home.resolve("app/target"));
    Files.copy(Path.of("../zonecast"), home.resolve("zonecast"));
    Files.createSymbolicLink(
        home.resolve("app/target/zonecast"),
        Path.of("target/zonecast").toAbsolutePath().normalize());
    return new Installation(home);
  }

  /** Compiles the Java files of {@code sources} into a jar in {@code ext/}, as a user drops one. */
  void dropIn(Path sources, String jar) throws IOException {
    Path classes = Files.createDirectories(home.resolve("classes"));
    List<String> compile =
        new ArrayList<>(
            List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
    try (Stream<Path> files = Files.list(sources)) {
      files.map(Path::toString).forEach(compile::add);
    }
    run("javac", compile);
    Path ext = Files.createDirectories(home.resolve("ext"));
    run("jar", List.of("cf", ext.resolve(jar).toString(), "-C", classes.toString(), "."));
  }

  RunningCommand start(Map<String, String> environment, String... arguments) throws IOException {
    return RunningCommand.start(home.resolve("zonecast"), environment, arguments);
  }

  Ran run(Map<String, String> environment, String... arguments) throws Exception {
    try (RunningCommand command = start(environment, arguments)) {
      return command.awaitEnd();
    }
  }

  private static void run(String tool, List<String> arguments) {
    PrintStream quiet =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    int exitCode =
        ToolProvider.findFirst(tool)
            .orElseThrow()
            .run(quiet, System.err, arguments.toArray(String[]::new));
    assertThat(exitCode).as(tool).isZero();
  }
}
