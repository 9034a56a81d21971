package io.zonecast.sink.fill;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.EntryFailure;
import io.zonecast.sink.deadletter.DeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Handles the entries of a fill that a node refused. A record that is too large becomes a dead
 * letter; after any other refusal the partition is filled again. A refused live record ends here
 * too: the lane is filled again from before it.
 */
public record RefusedEntries(FilledNode node, BatchPool batches, DeadLetters deadLetters) {
  private static final Duration LOUD_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Finds out which entries of a part were refused: each key stands once in a fold and no one else
   * writes here, so it is safe to send them again.
   *
   * @param notBeforeMillis a lower bound on when the fill's records were written
   * @return why the partition has to be filled again; empty if it has not
   */
  public Optional<String> settle(NodeFill fill, PartSender part, long notBeforeMillis)
      throws IOException {
    int prefixBytes = node.us().prefix().getBytes(StandardCharsets.UTF_8).length;
    Map<Long, String> tooLarge = new TreeMap<>();
    for (EntryBatch batch = part.nextRefused(); batch != null; batch = part.nextRefused()) {
      for (EntryFailure failure : node.connection().sendLoud(batch, LOUD_TIMEOUT)) {
        if (!failure.isTooLarge()) {
          return Optional.of("refuses " + failure.key() + ": " + failure.serverLine());
        }
        byte[] key = failure.key().getBytes(StandardCharsets.UTF_8);
        tooLarge.put(
            part.part().fold().offsetOf(key, prefixBytes, key.length - prefixBytes),
            "node " + node.name() + " cannot take it: " + failure.serverLine());
      }
      batches.giveBack(batch);
    }
    deadLetters.sendFrom(fill.partition(), tooLarge, notBeforeMillis);
    return Optional.empty();
  }
}
