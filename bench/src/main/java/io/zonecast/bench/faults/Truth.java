package io.zonecast.bench.faults;

import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.UpdateLoad.Update;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Knows what was published last for every key, and compares the nodes with it. */
final class Truth {
  private static final int KEYS_AT_ONCE = 200;
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long LOOK_EVERY_MILLIS = 100;

  private final List<String> keys;
  private final Map<String, String> expected;
  private final List<FaultyNode> nodes;
  private final ToIntFunction<String> placement;

  /**
   * @param keys every key that is ever used
   * @param first what the topic holds at the beginning
   */
  Truth(
      List<String> keys,
      Map<String, String> first,
      List<FaultyNode> nodes,
      ToIntFunction<String> placement) {
    this.keys = keys;
    this.expected = new ConcurrentHashMap<>(first);
    this.nodes = nodes;
    this.placement = placement;
  }

  void published(Update update, long number) {
    if (update.deletes()) {
      expected.remove(update.key());
    } else {
      expected.put(update.key(), Long.toString(number));
    }
  }

  /** Waits until there are no differences; returns those left when the time is over. */
  List<String> awaitEqual(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      List<String> differences = differences();
      if (differences.isEmpty() || System.nanoTime() - deadline > 0) {
        return differences;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /**
   * Whether a node lacks a fifth or more of 200 rows, as after a wipe; false if it does not answer.
   * Thread-safe.
   */
  boolean lacksMuch(int node) {
    List<String> wanted =
        keys.stream().filter(key -> expectedOn(node, key) != null).limit(KEYS_AT_ONCE).toList();
    try (PlainClient client = PlainClient.open(nodes.get(node).direct(), SOON)) {
      int there = client.get(BenchPool.entryKeys(wanted)).size();
      return 5 * (wanted.size() - there) >= wanted.size();
    } catch (IOException e) {
      return false;
    }
  }

  private @Nullable String expectedOn(int node, String key) {
    return placement.applyAsInt(key) == node ? expected.get(key) : null;
  }

  private List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      try (PlainClient client = PlainClient.open(nodes.get(node).direct(), TIMEOUT)) {
        for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
          List<String> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
          Map<String, String> there = client.get(BenchPool.entryKeys(some));
          for (String key : some) {
            String wanted = expectedOn(node, key);
            String found = there.get(BenchPool.PREFIX + key);
            if (!Objects.equals(wanted, found)) {
              differences.add(
                  "%s, %s: topic %s, cache %s"
                      .formatted(
                          nodes.get(node),
                          key,
                          Objects.requireNonNullElse(wanted, "-"),
                          Objects.requireNonNullElse(found, "-")));
            }
          }
        }
      } catch (IOException e) {
        differences.add(nodes.get(node) + " cannot be read: " + e.getMessage());
      }
    }
    return differences;
  }
}
