package io.zonecast.ingest.stream;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Which update a record of the table comes from, in one short header of four words: the update's
 * id, when it was asked for in epoch milliseconds, its offset in the topic of updates (its
 * partition is the record's own), and that topic's id. A topic that is deleted and created again
 * has another id, and its offsets begin at 0 again.
 *
 * @param id the update's own
 * @param requestedAtMillis by the clock of who asked
 * @param offset where the update lies, on the record's partition of the topic of updates
 * @param topicId which topic of updates
 */
public record UpdateHeader(String id, long requestedAtMillis, long offset, Uuid topicId) {
  /** The header's key. */
  public static final String NAME = "zonecast.update";

  private static final int WORDS = 4;

  Header toHeader() {
    String words = id + ' ' + requestedAtMillis + ' ' + offset + ' ' + topicId;
    return new RecordHeader(NAME, words.getBytes(StandardCharsets.UTF_8));
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
          new UpdateHeader(
              words[0],
              Long.parseLong(words[1]),
              Long.parseLong(words[2]),
              Uuid.fromString(words[3])));
    } catch (IllegalArgumentException e) {
      // A foreign header of the same name.
      return Optional.empty();
    }
  }
}
