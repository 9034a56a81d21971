package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lists the keys of a node with {@code lru_crawler metadump hash}, which walks the hash table and
 * so sees every entry that is there from beginning to end ({@code all} walks the LRU queues, and
 * misses what moves between them).
 *
 * <p>Each listing takes a connection of its own, because the node sends it from another thread than
 * its answers. One listing runs on a node at a time: while another does, this waits its turn.
 */
public final class KeyCrawler {
  /** Sees a key; the bytes are overwritten by the next. */
  @FunctionalInterface
  public interface KeyVisitor {
    /**
     * Sees {@code key[0, length)}, the whole key with its prefix.
     *
     * @return false to end the listing here
     */
    boolean onKey(byte[] key, int length);
  }

  /** A node lists its keys to one asker at a time. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 500;
  private static final byte[] COMMAND = ProtocolBytes.ascii("lru_crawler metadump hash\r\n");
  private static final Pattern SIZE = Pattern.compile(" size=([0-9]{1,18})");
  private static final byte[] KEY_MARK = ProtocolBytes.ascii("key=");

  private final NodeAddress node;
  private final ConnectionSettings settings;
  private final Timing timing;
  private final Duration patience;
  private final byte[] prefix;
  private final byte[] key = new byte[KeyCheck.MAX_KEY_BYTES];

  /** What was read: the present line, then what has not been looked at. */
  private final byte[] buffer = new byte[1 << 16];

  private int lineStart;
  private int lineEnd;
  private int next;
  private int limit;

  /** As the other constructor, with patience for another's listing of a large node. */
  public KeyCrawler(NodeAddress node, ConnectionSettings settings, String keyPrefix) {
    this(node, settings, PATIENCE, keyPrefix);
  }

  /**
   * A crawler for one node. Not thread-safe.
   *
   * @param patience how long to wait while the node's crawler is busy with somebody else
   * @param keyPrefix only keys that begin with it are shown; may be empty
   */
  public KeyCrawler(
      NodeAddress node, ConnectionSettings settings, Duration patience, String keyPrefix) {
    this.node = node;
    this.settings = settings;
    this.timing = settings.network().timing();
    this.patience = patience;
    this.prefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Shows every key of the prefix to {@code visitor}, on this thread.
   *
   * @return how many were shown
   * @throws CrawlerRefusedException if the node does not list its keys, or is busy for longer than
   *     the patience
   * @throws IOException if the connection fails before the end; what was shown is not all
   */
  public long crawl(KeyVisitor visitor) throws IOException {
    return crawl(visitor, () -> true);
  }

  /**
   * What the entry of the key just shown takes on the node, in bytes; 0 where the listing does not
   * say. For a visitor.
   */
  public long size() {
    String line = new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1);
    Matcher size = SIZE.matcher(line);
    return size.find() ? Long.parseLong(size.group(1)) : 0;
  }

  /**
   * As the other {@code crawl}, for those who have something else to see to.
   *
   * @param goesOn asked again and again while the node's crawler is busy with somebody else; false
   *     ends the wait, and nothing is shown
   */
  public long crawl(KeyVisitor visitor, BooleanSupplier goesOn) throws IOException {
    long deadline = timing.nanoTime() + patience.toNanos();
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      try (InputStream in = settings.network().ask(node, settings, COMMAND)) {
        next = 0;
        limit = 0;
        String answer = firstLine(in);
        if (answer == null) {
          return list(in, visitor);
        }
        if (!isBusy(answer)) {
          throw new CrawlerRefusedException(
              node, answer, "start it without -o no_lru_crawler, or use a service that allows it");
        }
        if (timing.nanoTime() - deadline >= 0) {
          throw new CrawlerRefusedException(
              node,
              answer,
              "somebody else's listing went on for over %d s; try again later"
                  .formatted(patience.toSeconds()));
        }
      }
      if (!goesOn.getAsBoolean()) {
        return 0;
      }
      pause(pauseMillis);
      pauseMillis = Math.min(pauseMillis * 2, LAST_PAUSE_MILLIS);
    }
  }

  /** Null if the listing has begun, with its first line read; else what was said. */
  private @Nullable String firstLine(InputStream in) throws IOException {
    readLine(in);
    if (lineIs("OK")) { // since memcached 1.6.43
      readLine(in);
    }
    if (lineIs("END") || startsWithKey()) {
      return null;
    }
    return lineText();
  }

  private static boolean isBusy(String answer) {
    return answer.startsWith("BUSY") || answer.startsWith("ERROR locked");
  }

  private long list(InputStream in, KeyVisitor visitor) throws IOException {
    long shown = 0;
    while (!lineIs("END")) {
      if (!startsWithKey()) {
        throw new IOException(
            "memcached %s: \"%s\" in the middle of a listing".formatted(node, lineText()));
      }
      int length = decodeKey();
      if (length >= 0) {
        shown++;
        if (!visitor.onKey(key, length)) {
          return shown;
        }
      }
      readLine(in);
    }
    return shown;
  }

  /** Decodes the URL-encoded key of the line; −1, early, if it does not begin with the prefix. */
  private int decodeKey() throws IOException {
    int length = 0;
    for (int i = lineStart + KEY_MARK.length; i < lineEnd && buffer[i] != ' '; i++) {
      byte b = buffer[i];
      if (b == '%' && i + 2 < lineEnd) {
        b = (byte) (Character.digit(buffer[i + 1], 16) << 4 | Character.digit(buffer[i + 2], 16));
        i += 2;
      }
      if (length < prefix.length && b != prefix[length]) {
        return -1;
      }
      if (length == key.length) {
        throw new IOException(
            "memcached %s: the listing has a key of over %d bytes".formatted(node, length));
      }
      key[length++] = b;
    }
    return length < prefix.length ? -1 : length;
  }

  private boolean startsWithKey() {
    return lineEnd - lineStart > KEY_MARK.length
        && Arrays.equals(
            buffer, lineStart, lineStart + KEY_MARK.length, KEY_MARK, 0, KEY_MARK.length);
  }

  private boolean lineIs(String text) {
    return lineEnd - lineStart == text.length() && lineText().equals(text);
  }

  private String lineText() {
    int length = Math.min(lineEnd - lineStart, 80);
    return new String(buffer, lineStart, length, StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}", "?");
  }

  /** Goes on to the next line, which ends in LF or CRLF. */
  private void readLine(InputStream in) throws IOException {
    lineStart = next;
    int scanned = next;
    while (true) {
      while (scanned < limit && buffer[scanned] != '\n') {
        scanned++;
      }
      if (scanned < limit) {
        next = scanned + 1;
        lineEnd = scanned > lineStart && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
        return;
      }
      System.arraycopy(buffer, lineStart, buffer, 0, limit - lineStart);
      scanned -= lineStart;
      limit -= lineStart;
      lineStart = 0;
      if (limit == buffer.length) {
        throw new IOException(
            "memcached %s: a line of over %d bytes in a listing".formatted(node, limit));
      }
      int read = read(in);
      if (read < 0) {
        throw new EOFException(
            "memcached %s closed the connection in the middle of a listing".formatted(node));
      }
      limit += read;
    }
  }

  private int read(InputStream in) throws IOException {
    try {
      return in.read(buffer, limit, buffer.length - limit);
    } catch (IOException e) {
      throw node.failure("the listing broke off", e);
    }
  }

  private void pause(long millis) throws InterruptedIOException {
    try {
      timing.sleep(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "interrupted while waiting for the crawler of memcached " + node);
    }
  }
}
