package io.zonecast.sink.cache;

/**
 * One entry that the node refused.
 *
 * @param index its place in the batch
 * @param key its key, prefix included
 * @param serverLine the node's answer, such as {@code EX} to a delete of a changed entry
 */
public record EntryFailure(int index, String key, String serverLine) {
  /** Whether the entry is larger than the node's {@code item_size_max} ({@code -I}). */
  public boolean isTooLarge() {
    return serverLine.startsWith("SERVER_ERROR object too large");
  }
}
