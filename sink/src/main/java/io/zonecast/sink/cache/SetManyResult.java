package io.zonecast.sink.cache;

import java.io.IOException;
import java.util.List;

/** What became of a batch. */
public sealed interface SetManyResult {

  /**
   * Every set and delete was applied, in order.
   *
   * @param count the entries of the batch
   */
  record Stored(int count) implements SetManyResult {}

  /**
   * The node answered the whole batch and refused some of it; the connection goes on. Beware: a
   * refused set has dropped the older entry of its key, and a quiet batch does not always tell
   * which key it was. {@link NodeConnection#sendLoud} does.
   *
   * @param failures how many entries were refused
   * @param serverLines what the server said, as it said it: the first few
   */
  record PartlyFailed(int failures, List<String> serverLines) implements SetManyResult {
    public PartlyFailed {
      serverLines = List.copyOf(serverLines);
    }
  }

  /**
   * The connection is closed and nobody knows how much of the batch was, or will be, applied: bytes
   * that the kernel had taken may still arrive.
   */
  record Broken(IOException cause) implements SetManyResult {}
}
