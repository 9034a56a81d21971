package io.zonecast.bench.faults;

import io.zonecast.bench.stage.BenchPool;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node with its reader. Knows when late batches may have reached it, and so which stale values
 * {@code docs/checkpoints.md} allows on stock memcached.
 */
final class FaultyNode implements AutoCloseable {
  /** Up to two seconds until no suspect is left, and then the fill. */
  private static final Duration WINDOW = Duration.ofSeconds(3);

  /** Behind anything that translates addresses, that fill comes four seconds later. */
  private static final Duration WINDOW_BEHIND_LINK = Duration.ofSeconds(7);

  private final MemcachedNode node;
  private final boolean behindLink;
  private final Watcher watcher;
  private final List<Long> loosened = new ArrayList<>();

  /** A node that is reached directly, or through its link. */
  FaultyNode(MemcachedNode node, boolean behindLink, List<String> keys) {
    this.node = node;
    this.behindLink = behindLink;
    this.watcher = new Watcher(node.direct(), BenchPool.PREFIX, keys);
  }

  /** As the sinks reach it. */
  String address() {
    return behindLink ? node.address() : node.direct().address();
  }

  MemcachedServer direct() {
    return node.direct();
  }

  Watcher watcher() {
    return watcher;
  }

  void flush() {
    watcher.wiping(
        () -> {
          try (PlainClient client = PlainClient.open(node.direct(), Duration.ofSeconds(5))) {
            client.flushAll();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  void restartEmpty() {
    watcher.wiping(node::restartEmpty);
  }

  void freeze() {
    node.pause();
  }

  void thaw() {
    node.resume();
    loosen();
  }

  void cutConnections() {
    node.cutConnections();
    loosen();
  }

  void cutOff() {
    node.link().blackHole();
  }

  void letBack() {
    node.link().forward();
    loosen();
  }

  /** Notes that from now on a batch may be applied whose sender has given up. */
  void loosen() {
    loosened.add(System.nanoTime());
  }

  /** The stale values that the documentation allows: those soon after a late batch. */
  List<StaleRead> documented() {
    return watcher.stale().stream().filter(this::isDocumented).toList();
  }

  /** The stale values that must never be seen. */
  List<StaleRead> beyond() {
    return watcher.stale().stream().filter(sight -> !isDocumented(sight)).toList();
  }

  private boolean isDocumented(StaleRead sight) {
    long window = (behindLink ? WINDOW_BEHIND_LINK : WINDOW).toNanos();
    return loosened.stream()
        .anyMatch(at -> sight.sinceNanos() - at >= 0 && sight.untilNanos() - at <= window);
  }

  @Override
  public void close() {
    watcher.close();
    node.close();
  }

  @Override
  public String toString() {
    return "node " + node.direct().address() + (behindLink ? ", behind a link" : ", direct");
  }
}
