package io.zonecast.sink;

import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asks a node, each time over a connection of its own, so that no code of ours and no state stands
 * between a test and the truth.
 */
public final class RawMemcached {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int AT_ONCE = 500;

  private final MemcachedServer node;

  public RawMemcached(MemcachedServer node) {
    this.node = node;
  }

  public Optional<String> get(String key) {
    return Optional.ofNullable(ask(client -> client.get(List.of(key))).get(key));
  }

  public void set(String key, String value) {
    set(key, value, 0);
  }

  public void set(String key, String value, int flags) {
    run(client -> client.set(key, value, flags));
  }

  public void delete(String key) {
    run(client -> client.delete(key));
  }

  public void flushAll() {
    run(PlainClient::flushAll);
  }

  /** As {@code -m} at the start would have. */
  public void limitMemory(int megabytes) {
    String answer = ask(client -> client.ask("cache_memlimit " + megabytes));
    if (!answer.equals("OK")) {
      throw new IllegalStateException(megabytes + " MB: " + answer);
    }
  }

  /** Every entry under a prefix, by key without it. */
  public Map<String, String> entries(String prefix) {
    List<String> wanted = keys().stream().filter(key -> key.startsWith(prefix)).toList();
    Map<String, String> entries = new TreeMap<>();
    run(
        client -> {
          for (int from = 0; from < wanted.size(); from += AT_ONCE) {
            client
                .get(wanted.subList(from, Math.min(from + AT_ONCE, wanted.size())))
                .forEach((key, value) -> entries.put(key.substring(prefix.length()), value));
          }
        });
    return entries;
  }

  /**
   * Every key. The crawler serves one listing at a time: while another's is under way, it waits.
   */
  public List<String> keys() {
    return await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> ask(client -> client.list("lru_crawler metadump hash")), listed -> true)
        .stream()
        .map(line -> line.substring("key=".length(), line.indexOf(' ')))
        .map(key -> URLDecoder.decode(key, StandardCharsets.UTF_8))
        .toList();
  }

  public long pid() {
    return stat("pid");
  }

  /** How many connections the node has taken since it started, those of asking included. */
  public long connectionsTaken() {
    return stat("total_connections");
  }

  /** Every entry, checkpoints included. */
  public long entryCount() {
    return stat("curr_items");
  }

  private long stat(String name) {
    return Long.parseLong(ask(PlainClient::stats).getOrDefault(name, "-1"));
  }

  private interface Question<T> {
    T ask(PlainClient client) throws IOException;
  }

  private interface Command {
    void run(PlainClient client) throws IOException;
  }

  private void run(Command command) {
    ask(
        client -> {
          command.run(client);
          return "";
        });
  }

  private <T> T ask(Question<T> question) {
    try (PlainClient client = PlainClient.open(node, TIMEOUT)) {
      return question.ask(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
