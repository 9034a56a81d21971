package io.zonecast.ingest.stream;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Which update a record of the table comes from, in one short header of three words: the update's
 * id, when it was asked for in epoch milliseconds, and its offset in the topic of updates (its
 * partition is the record's own).
 *
 * @param id the update's own
 * @param requestedAtMillis by the clock of who asked
 * @param offset where the update lies, on the record's partition of the topic of updates
 */
public record UpdateHeader(String id, long requestedAtMillis, long offset) {
  /** The header's key. */
  public static final String NAME = "zonecast.update";

  private static final int WORDS = 3;

  Header toHeader() {
    return new RecordHeader(
        NAME, (id + ' ' + requestedAtMillis + ' ' + offset).getBytes(StandardCharsets.UTF_8));
  }

  /** Reads it from a record's headers; empty for a record that no update made. */
  public static Optional<UpdateHeader> of(Headers headers) {
    Header header = headers.lastHeader(NAME);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    String[] words = new String(header.value(), StandardCharsets.UTF_8).split(" ", -1);
    if (words.length != WORDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new UpdateHeader(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])));
    } catch (NumberFormatException e) {
      // Somebody else's header of the same name.
      return Optional.empty();
    }
  }
}
