package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.pool.ZonecastProcess;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.sandbox.MemcachedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The command in a process of its own, from its launch until the node holds every row: JVM start,
 * joining the group and all.
 */
final class ColdReplay extends Contestant {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How often to see whether the process is still there at all. */
  private static final Duration ENDED_LOOK = Duration.ofSeconds(1);

  private final ZonecastCommand command;
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
    super(name);
    this.command = command.with("ZONECAST_JAVA_OPTS=" + javaOptions);
    this.topic = topic;
    this.node = node;
    this.rows = rows;
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
  public Measurement run() throws IOException {
    BenchPool pool = new BenchPool(topic, "bench-" + UUID.randomUUID(), List.of(node.address()));
    Measurement measured;
    long start = System.nanoTime();
    try (FilledNode filled = new FilledNode(node);
        ZonecastProcess sink = ZonecastProcess.sink(command, pool, "the sink")) {
      while (!filled.awaitEntries(rows, ENDED_LOOK)) {
        requireRunning(sink, start);
      }
      measured = Measurement.since(start, rows);
      peakResidentKilobytes = Math.max(peakResidentKilobytes, peakResident(sink));
    }
    FilledNode.requireEntries(node, rows);
    return measured;
  }

  private static void requireRunning(ZonecastProcess sink, long startNanos) {
    sink.requireAlive();
    if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
      throw new IllegalStateException(
          "the node is not full after %s; %s said:%n%s".formatted(LIMIT, sink, sink.lastWords()));
    }
  }

  /**
   * From Linux, as the launcher's {@code exec} leaves the JVM under the process id that we know.
   */
  private static long peakResident(ZonecastProcess process) {
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
