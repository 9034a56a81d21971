package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles the stand-in for Confluent's classes into a jar, as a user drops one into ext/. */
final class ExtJar {
  private ExtJar() {}

  static Path build(Path ext) throws IOException, URISyntaxException {
    URL sources = ExtJar.class.getResource("/ext-stand-in");
    assertThat(sources).isNotNull();
    Path classes = Files.createDirectories(ext.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
    try (Stream<Path> files = Files.list(Path.of(sources.toURI()))) {
      files.forEach(file -> arguments.add(file.toString()));
    }
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(exitCode).isZero();
    Path jar = ext.resolve("stand-in.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> compiled = Files.walk(classes)) {
      for (Path path : compiled.filter(Files::isRegularFile).toList()) {
        URI name = classes.toUri().relativize(path.toUri());
        out.putNextEntry(new JarEntry(name.getPath()));
        Files.copy(path, out);
      }
    }
    return jar;
  }

  /** A class loader as the launcher's class path makes it: ours, and the jar. */
  static URLClassLoader loader(Path jar) throws IOException {
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, ExtJar.class.getClassLoader());
  }
}
