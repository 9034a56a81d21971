package io.zonecast.sink.cache;

/**
 * One entry that the node refused.
 *
 * @param index its place in the batch
 * @param key its key, prefix included
 * @param serverLine what the node said, as {@code EX} to a delete of an entry that has changed
 */
public record EntryFailure(int index, String key, String serverLine) {
  /** Whether the entry is over the node's {@code item_size_max} ({@code -I}), and so never fits. */
  public boolean isTooLarge() {
    return serverLine.startsWith("SERVER_ERROR object too large");
  }
}
