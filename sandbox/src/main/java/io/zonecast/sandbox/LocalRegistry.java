package io.zonecast.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Apicurio Registry in a child JVM. The build unpacks it beside this module's classes, into {@code
 * registry/}, where tests are run: it is too large to come with everything else.
 */
final class LocalRegistry implements SchemaRegistryServer {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final int port = Ports.free();
  private final CommandProcess process;

  LocalRegistry() {
    Path jar =
        jar()
            .orElseThrow(
                () ->
                    new SandboxException(
                        "no schema registry beside the sandbox's classes; unpack it with \"mvn"
                            + " pre-integration-test -pl sandbox\""));
    Path scratch = CommandProcess.scratch("registry");
    List<String> command =
        List.of(
            Executables.java(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.http.host=" + Ports.LOOPBACK.getHostAddress(),
            "-Dquarkus.http.port=" + port,
            "-Djava.io.tmpdir=" + scratch,
            "-jar",
            jar.toString());
    this.process =
        CommandProcess.start(toString(), ServerCommand.process(command), scratch, at -> {});
    process.awaitAnswer(this::answers, START_LIMIT);
  }

  static boolean isUnpacked() {
    return jar().isPresent();
  }

  @Override
  public String url() {
    return "http://" + Ports.LOOPBACK.getHostAddress() + ":" + port + "/apis/ccompat/v7";
  }

  @Override
  public void pause() {
    process.pause();
  }

  @Override
  public void resume() {
    process.resume();
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return "schema registry " + url();
  }

  private boolean answers() {
    try {
      HttpURLConnection http =
          (HttpURLConnection) URI.create(url() + "/subjects").toURL().openConnection();
      http.setConnectTimeout(1_000);
      http.setReadTimeout(10_000);
      return http.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Optional<Path> jar() {
    Path directory = BrokerClassPath.directory().resolveSibling("registry");
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
