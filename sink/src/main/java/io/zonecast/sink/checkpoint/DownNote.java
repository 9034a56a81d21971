package io.zonecast.sink.checkpoint;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Since when a node is down, as its sink tells the other nodes of the pool: it cannot be asked
 * itself. Renewed while it lasts and forgotten soon after, as a {@link FillProgress} is. As text,
 * in epoch milliseconds: {@code since=1790000000000}.
 */
public final class DownNote {
  private static final String SINCE = "since=";

  private DownNote() {}

  /** The entry's value. */
  public static byte[] encode(Instant since) {
    return (SINCE + since.toEpochMilli()).getBytes(StandardCharsets.US_ASCII);
  }

  /** What an entry says; empty where it is something else. */
  public static Optional<Instant> decode(byte[] value) {
    String text = new String(value, StandardCharsets.US_ASCII);
    return text.matches(SINCE + "[0-9]{1,15}")
        ? Optional.of(Instant.ofEpochMilli(Long.parseLong(text.substring(SINCE.length()))))
        : Optional.empty();
  }
}
