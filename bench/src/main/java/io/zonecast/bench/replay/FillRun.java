package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Fills a node from a topic: by a sink that runs already, and by one that is launched for it. */
record FillRun(BenchTopic topic, int rows) {
  static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration LISTING = Duration.ofMinutes(1);

  /** Seldom enough not to slow down the fill. */
  private static final Duration ASK_EVERY = Duration.ofMillis(2);

  /**
   * The node of a running sink comes back empty and is filled. Measured from the fill of the first
   * partition until the last checkpoint is live.
   *
   * @param node as {@code sink} reaches it, which has filled it before
   */
  Contestant warm(String name, MemcachedServer node, BenchSink sink) {
    return new Contestant(
        name,
        node::kill,
        () -> {
          sink.forgetFills();
          node.restartEmpty();
          Duration elapsed = sink.awaitFilled(LIMIT);
          requireEntries(node);
          return new Measurement(rows, elapsed);
        });
  }

  /**
   * Runs the command as its own process. Measured from its launch until the node holds every row,
   * with the start of the JVM and joining the group.
   *
   * @param javaOptions for the command's JVM, as {@code -Xmx256m}; may be empty
   * @param peakKilobytes gets the most memory that a run's process had resident
   */
  Contestant cold(String name, MemcachedServer node, String javaOptions, AtomicLong peakKilobytes) {
    return new Contestant(
        name,
        node::restartEmpty,
        () -> {
          BenchPool pool =
              new BenchPool(topic, "bench-" + UUID.randomUUID(), List.of(node.address()));
          Measurement measured;
          long start = System.nanoTime();
          try (CommandProcess sink = pool.startSink("ZONECAST_JAVA_OPTS=" + javaOptions)) {
            awaitEntries(node, sink, start);
            measured = Measurement.since(start, rows);
            peakKilobytes.accumulateAndGet(peakResident(sink), Math::max);
          }
          requireEntries(node);
          return measured;
        });
  }

  /** Checks by the node's own list of keys that it holds one entry for each row. */
  private void requireEntries(MemcachedServer node) throws IOException {
    long found =
        new KeyCrawler(
                NodeAddress.parse(node.address()),
                ConnectionSettings.DEFAULT,
                LISTING,
                BenchPool.PREFIX)
            .crawl((key, length) -> true);
    if (found != rows) {
      throw new IllegalStateException(
          "node %s holds %,d entries, the topic has %,d live keys"
              .formatted(node.address(), found, rows));
    }
  }

  private void awaitEntries(MemcachedServer node, CommandProcess sink, long startNanos)
      throws IOException {
    long expected = rows + (long) ZoneTopic.DEFAULT_PARTITIONS;
    try (PlainClient client = PlainClient.open(node, LISTING)) {
      while (Long.parseLong(client.stats().getOrDefault("curr_items", "0")) < expected) {
        sink.requireAlive();
        if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
          throw new IllegalStateException(
              "the node is not full after %s; the sink said:%n%s"
                  .formatted(LIMIT, sink.lastWords()));
        }
        LockSupport.parkNanos(ASK_EVERY.toNanos());
      }
    }
  }

  /**
   * In kilobytes, as Linux says: the launcher's {@code exec} keeps the process id that we know. 0
   * on other systems.
   */
  private static long peakResident(CommandProcess process) {
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
