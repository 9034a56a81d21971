package io.zonecast.sink.checkpoint;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Says since when a node is down. Its sink leaves the note on the other nodes of the pool, renews
 * it while the node is down, and the nodes forget it soon after, as a {@link FillProgress}. As
 * text, in epoch milliseconds: {@code since=1790000000000}.
 */
public final class DownNote {
  private static final String SINCE = "since=";

  private DownNote() {}

  /** The entry's value. */
  public static byte[] encode(Instant since) {
    return (SINCE + since.toEpochMilli()).getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads an entry's value; empty if it is not a note. */
  public static Optional<Instant> decode(byte[] value) {
    String text = new String(value, StandardCharsets.US_ASCII);
    return text.matches(SINCE + "[0-9]{1,15}")
        ? Optional.of(Instant.ofEpochMilli(Long.parseLong(text.substring(SINCE.length()))))
        : Optional.empty();
  }
}
