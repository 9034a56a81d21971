package io.zonecast.sandbox;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs on the PATH, and where package managers put them when the PATH is a poor one. */
final class Executables {
  private static final List<String> USUAL_PLACES =
      List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/bin");

  private Executables() {}

  static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), USUAL_PLACES.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
