package io.zonecast.bench.stream;

import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.sandbox.CommandProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code zonecast stream} as a process of its own, to be killed from outside. */
final class StreamProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final CommandProcess process;

  private StreamProcess(CommandProcess process) {
    this.process = process;
  }

  /**
   * Starts it and does not wait for it to join its group.
   *
   * @param state where its copies of the table lie, the same for every start
   * @param streams further settings of Kafka Streams
   */
  static StreamProcess start(
      ZonecastCommand command, BenchTopic topic, Path state, Map<String, String> streams)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("kafka.streams.state.dir=" + state);
    streams.forEach((key, value) -> lines.add("kafka.streams." + key + "=" + value));
    Path settings = state.resolveSibling(state.getFileName() + ".properties");
    Files.write(settings, lines);
    List<String> arguments = new ArrayList<>(List.of("stream", "--http", "none"));
    arguments.addAll(List.of("--bootstrap-servers", topic.bootstrapServers()));
    arguments.addAll(List.of("--topic", topic.name(), "--config", settings.toString()));
    return new StreamProcess(CommandProcess.start(command.line(arguments)));
  }

  /** Waits until it takes updates. */
  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (process.errors().stream().noneMatch(line -> line.contains("state=RUNNING"))) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the stream does not run: " + process.errors());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Fails where it has ended by itself, with its log. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the stream has ended: " + process.errors());
    }
  }

  /** SIGKILL. */
  @Override
  public void close() {
    process.close();
  }
}
