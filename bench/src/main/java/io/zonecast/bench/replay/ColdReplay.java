package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.sandbox.MemcachedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The command in a process of its own, from its launch until the node holds every row: JVM start,
 * joining the group and all.
 */
final class ColdReplay implements Contestant {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How often to see whether the process is still there at all. */
  private static final Duration ENDED_LOOK = Duration.ofSeconds(1);

  private final String name;
  private final ZonecastCommand command;
  private final String javaOptions;
  private final BenchTopic topic;
  private final MemcachedServer node;
  private final int rows;
  private long peakResidentKilobytes;

  /**
   * Makes the contestant.
   *
   * @param javaOptions for the command's JVM, as {@code -Xmx256m}; may be empty
   */
  ColdReplay(
      String name,
      ZonecastCommand command,
      String javaOptions,
      BenchTopic topic,
      MemcachedServer node,
      int rows) {
    this.name = name;
    this.command = command;
    this.javaOptions = javaOptions;
    this.topic = topic;
    this.node = node;
    this.rows = rows;
  }

  @Override
  public String name() {
    return name;
  }

  /** The most memory that a run's process had resident, in megabytes; 0 where nobody tells. */
  long peakResidentMegabytes() {
    return peakResidentKilobytes >> 10;
  }

  @Override
  public void prepare() {
    node.restartEmpty();
  }

  @Override
  public Measurement run() throws IOException, InterruptedException {
    Path messages = Files.createTempFile("zonecast-bench-", ".log");
    try (FilledNode filled = new FilledNode(node)) {
      long start = System.nanoTime();
      Measurement measured;
      Process process = launch(messages);
      try {
        while (!filled.awaitEntries(rows, ENDED_LOOK)) {
          requireRunning(process, messages, start);
        }
        measured = Measurement.since(start, rows);
        peakResidentKilobytes = Math.max(peakResidentKilobytes, peakResident(process));
      } finally {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
      FilledNode.requireEntries(node, rows);
      return measured;
    } finally {
      Files.delete(messages);
    }
  }

  private static void requireRunning(Process process, Path messages, long startNanos)
      throws IOException {
    boolean late = System.nanoTime() - startNanos > LIMIT.toNanos();
    if (late || !process.isAlive()) {
      throw new IllegalStateException(
          "the sink %s before the node was full; it said:%n%s"
              .formatted(late ? "was stopped" : "ended", Files.readString(messages)));
    }
  }

  private Process launch(Path messages) throws IOException {
    BenchPool pool = new BenchPool(topic, "bench-" + UUID.randomUUID(), List.of(node.address()));
    ProcessBuilder builder =
        new ProcessBuilder(command.line(pool.arguments("sink", "--http", "none")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(messages.toFile());
    builder.environment().put("ZONECAST_JAVA_OPTS", javaOptions);
    return builder.start();
  }

  /**
   * From Linux, as the launcher's {@code exec} leaves the JVM under the process id that we know.
   */
  private static long peakResident(Process process) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException notLinux) {
      return 0;
    }
  }
}
