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

/**
 * Lists the keys of a node with {@code lru_crawler metadump hash}. That walks the hash table and so
 * sees every entry that is there from beginning to end; {@code all} walks the LRU queues and misses
 * what moves between them.
 *
 * <p>Each listing takes a connection of its own, because the node sends it from another thread than
 * its answers. A node makes one listing at a time; the crawler waits while another is under way.
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

  /** What the node sent; {@code [next, limit)} has not been read. */
  private final byte[] buffer = new byte[1 << 16];

  private int next;
  private int limit;
  private final byte[] line = new byte[1 << 12];
  private int lineLength;

  /** Waits up to a minute while the node makes another listing. */
  public KeyCrawler(NodeAddress node, ConnectionSettings settings, String keyPrefix) {
    this(node, settings, PATIENCE, keyPrefix);
  }

  /**
   * A crawler for one node. Not thread-safe.
   *
   * @param patience how long to wait while the node makes another listing
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

  /** As the other {@code crawl}, waiting for as long as the patience lasts. */
  public long crawl(KeyVisitor visitor) throws IOException {
    return crawl(visitor, () -> true);
  }

  /** The bytes that the entry just shown takes on the node; 0 if the listing does not say. */
  public long size() {
    Matcher size = SIZE.matcher(new String(line, 0, lineLength, StandardCharsets.ISO_8859_1));
    return size.find() ? Long.parseLong(size.group(1)) : 0;
  }

  /**
   * Shows every key of the prefix to {@code visitor}, on this thread.
   *
   * @param goesOn asked repeatedly while the node makes another listing; false ends the wait, and
   *     nothing is shown
   * @return the number of keys shown
   * @throws CrawlerRefusedException if the node does not list its keys, or is busy for longer than
   *     the patience
   * @throws IOException if the connection fails before the end; what was shown is not all
   */
  public long crawl(KeyVisitor visitor, BooleanSupplier goesOn) throws IOException {
    long deadline = timing.nanoTime() + patience.toNanos();
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      try (InputStream in = settings.network().ask(node, settings, COMMAND)) {
        next = 0;
        limit = 0;
        readLine(in);
        if (lineIs("OK")) { // since memcached 1.6.43
          readLine(in);
        }
        if (lineIs("END") || startsWithKey()) {
          return list(in, visitor);
        }
        String answer = lineText();
        if (!answer.startsWith("BUSY") && !answer.startsWith("ERROR locked")) {
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

  private long list(InputStream in, KeyVisitor visitor) throws IOException {
    long shown = 0;
    for (; !lineIs("END"); readLine(in)) {
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
    }
    return shown;
  }

  /** Decodes the URL-encoded key of the line; −1, early, if it does not begin with the prefix. */
  private int decodeKey() throws IOException {
    int length = 0;
    for (int i = KEY_MARK.length; i < lineLength && line[i] != ' '; i++) {
      byte b = line[i];
      if (b == '%' && i + 2 < lineLength) {
        b = (byte) (Character.digit(line[i + 1], 16) << 4 | Character.digit(line[i + 2], 16));
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
    return lineLength > KEY_MARK.length
        && Arrays.equals(line, 0, KEY_MARK.length, KEY_MARK, 0, KEY_MARK.length);
  }

  private boolean lineIs(String text) {
    return lineLength == text.length() && lineText().equals(text);
  }

  private String lineText() {
    return new String(line, 0, Math.min(lineLength, 80), StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}", "?");
  }

  /** Reads the next line, which ends in LF or CRLF. */
  private void readLine(InputStream in) throws IOException {
    lineLength = 0;
    for (byte b = readByte(in); b != '\n'; b = readByte(in)) {
      if (lineLength == line.length) {
        throw new IOException(
            "memcached %s: a line of over %d bytes in a listing".formatted(node, lineLength));
      }
      line[lineLength++] = b;
    }
    if (lineLength > 0 && line[lineLength - 1] == '\r') {
      lineLength--;
    }
  }

  private byte readByte(InputStream in) throws IOException {
    if (next == limit) {
      next = 0;
      try {
        limit = in.read(buffer);
      } catch (IOException e) {
        throw node.failure("the listing broke off", e);
      }
      if (limit < 0) {
        throw new EOFException(
            "memcached %s closed the connection in the middle of a listing".formatted(node));
      }
    }
    return buffer[next++];
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
