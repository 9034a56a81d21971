package io.zonecast.bench.verify;

import io.zonecast.bench.pool.BenchPool;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;

/** Differences of each kind, made on the nodes of a pool that had none. */
final class Planted {
  static final int OF_EACH_KIND = 25;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Planted() {}

  /** Deletes, changes, adds and misplaces entries on two nodes, each kind as often. */
  static void plant(BenchPool pool, List<MemcachedServer> nodes, List<String> keys)
      throws IOException {
    ToIntFunction<String> placement = pool.placement();
    try (PlainClient first = PlainClient.open(nodes.get(0), TIMEOUT);
        PlainClient second = PlainClient.open(nodes.get(1), TIMEOUT)) {
      List<PlainClient> clients = List.of(first, second);
      for (int i = 0; i < OF_EACH_KIND; i++) {
        String missing = keys.get(3 * i);
        clients.get(placement.applyAsInt(missing)).delete(BenchPool.PREFIX + missing);
        String different = keys.get(3 * i + 1);
        clients.get(placement.applyAsInt(different)).set(BenchPool.PREFIX + different, "X");
        String foreign = keys.get(3 * i + 2);
        clients.get(1 - placement.applyAsInt(foreign)).set(BenchPool.PREFIX + foreign, "X");
        String orphaned = "nobody:%03d:000".formatted(i);
        clients.get(placement.applyAsInt(orphaned)).set(BenchPool.PREFIX + orphaned, "X");
      }
    }
  }
}
