package io.zonecast.sink;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks a node over a plain socket, so that no code of ours stands between a test and the truth. */
public final class RawMemcached {
  private static final Duration LISTING = Duration.ofSeconds(20);

  private final String host;
  private final int port;

  public RawMemcached(String host, int port) {
    this.host = host;
    this.port = port;
  }

  public Optional<String> get(String key) {
    return ask(
        "get " + key + "\r\n",
        in -> {
          String first = in.readLine();
          if (!first.startsWith("VALUE ")) {
            return Optional.empty();
          }
          return Optional.of(value(in, first));
        });
  }

  /**
   * The value behind its header, {@code VALUE <key> <flags> <bytes>}; it may have several lines.
   */
  private static String value(BufferedReader in, String header) throws IOException {
    char[] value = new char[Integer.parseInt(header.substring(header.lastIndexOf(' ') + 1))];
    for (int at = 0; at < value.length; ) {
      at += in.read(value, at, value.length - at);
    }
    return new String(value);
  }

  public void set(String key, String value) {
    set(key, value, 0);
  }

  public void set(String key, String value, int flags) {
    String stored =
        ask(
            "set " + key + " " + flags + " 0 " + value.length() + "\r\n" + value + "\r\n",
            in -> in.readLine());
    if (!stored.equals("STORED")) {
      throw new IllegalStateException(key + ": " + stored);
    }
  }

  public void delete(String key) {
    String ignored = ask("delete " + key + "\r\n", BufferedReader::readLine);
    if (ignored.startsWith("SERVER_ERROR")) {
      throw new IllegalStateException(key + ": " + ignored);
    }
  }

  public void flushAll() {
    String ok = ask("flush_all\r\n", BufferedReader::readLine);
    if (!ok.equals("OK")) {
      throw new IllegalStateException(ok);
    }
  }

  /** As {@code -m} at the start would have. */
  public void limitMemory(int megabytes) {
    String ok = ask("cache_memlimit " + megabytes + "\r\n", BufferedReader::readLine);
    if (!ok.equals("OK")) {
      throw new IllegalStateException(megabytes + " MB: " + ok);
    }
  }

  /** Every entry under a prefix, by key without it. */
  public Map<String, String> entries(String prefix) {
    List<String> wanted = keys().stream().filter(key -> key.startsWith(prefix)).toList();
    Map<String, String> entries = new TreeMap<>();
    for (int from = 0; from < wanted.size(); from += 500) {
      List<String> some = wanted.subList(from, Math.min(from + 500, wanted.size()));
      entries.putAll(
          ask(
              "get " + String.join(" ", some) + "\r\n",
              in -> {
                Map<String, String> found = new TreeMap<>();
                for (String line = in.readLine(); !line.equals("END"); line = in.readLine()) {
                  String key = line.substring(6, line.indexOf(' ', 6));
                  found.put(key.substring(prefix.length()), value(in, line));
                  in.readLine();
                }
                return found;
              }));
    }
    return entries;
  }

  /**
   * Every key. The crawler serves one listing at a time: while another's is under way, it waits.
   */
  public List<String> keys() {
    return await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(LISTING)
        .until(this::listing, Optional::isPresent)
        .orElseThrow();
  }

  private Optional<List<String>> listing() {
    return ask(
        "lru_crawler metadump hash\r\n",
        in -> {
          List<String> keys = new ArrayList<>();
          for (String line = in.readLine();
              line != null && !line.equals("END");
              line = in.readLine()) {
            if (!line.startsWith("key=")) {
              return Optional.empty();
            }
            String key = line.substring(4, line.indexOf(' '));
            keys.add(URLDecoder.decode(key, StandardCharsets.UTF_8));
          }
          return Optional.of(keys);
        });
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
    return ask(
        "stats\r\n",
        in -> {
          long value = -1;
          for (String line = in.readLine(); !line.equals("END"); line = in.readLine()) {
            String[] words = line.split(" ", 3);
            if (words[1].equals(name)) {
              value = Long.parseLong(words[2]);
            }
          }
          return value;
        });
  }

  private interface Answer<T> {
    T read(BufferedReader in) throws IOException;
  }

  private <T> T ask(String command, Answer<T> answer) {
    try (Socket socket = new Socket(host, port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
      return answer.read(
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
