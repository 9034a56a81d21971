package io.zonecast.sink;

import io.zonecast.sandbox.Signals;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A sink in a JVM of its own, which can be killed or stopped as an operating system does. */
final class SinkProcess implements AutoCloseable {
  private final Process process;

  private SinkProcess(Process process) {
    this.process = process;
  }

  static SinkProcess start(TestTopic topic, String group, List<String> nodes) {
    return start("", "", topic, group, nodes);
  }

  /** Starts a sink of a release that has further files on its class path: before ours. */
  static SinkProcess startRelease(
      Path further, String registryUrl, TestTopic topic, String group, List<String> nodes) {
    return start(further + File.pathSeparator, registryUrl, topic, group, nodes);
  }

  private static SinkProcess start(
      String classPathBefore,
      String registryUrl,
      TestTopic topic,
      String group,
      List<String> nodes) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                // Surefire may have put a jar of its own in the place of the class path.
                classPathBefore
                    + System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                SinkMain.class.getName(),
                registryUrl,
                topic.bootstrapServers(),
                topic.name(),
                Integer.toString(topic.partitions()),
                group));
    command.addAll(nodes);
    try {
      return new SinkProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGSTOP. */
  void pause() {
    Signals.stop(process.pid());
  }

  /** SIGCONT. */
  void resume() {
    Signals.send("CONT", process.pid());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
  }
}
