package io.zonecast.sink.cache;

/** Why memcached did not take an entry. */
public sealed interface FailureReason {

  /** What the server said. */
  String serverLine();

  /** The entry is larger than the node's {@code item_size_max} ({@code -I}): it never fits. */
  record TooLarge(String serverLine) implements FailureReason {}

  /** No memory, and nothing to evict ({@code -M}, or one slab class has none): it may fit later. */
  record OutOfMemory(String serverLine) implements FailureReason {}

  /** Anything else, as {@code EX} to a delete of an entry that has changed. */
  record Other(String serverLine) implements FailureReason {}

  /** Reads an answer that is neither success nor nonsense. */
  static FailureReason of(String serverLine) {
    if (serverLine.startsWith("SERVER_ERROR object too large")) {
      return new TooLarge(serverLine);
    }
    if (serverLine.startsWith("SERVER_ERROR out of memory")) {
      return new OutOfMemory(serverLine);
    }
    return new Other(serverLine);
  }
}
