package io.zonecast.sink.cache;

import java.io.IOException;
import java.util.List;

/** The result of a batch. */
public sealed interface SetManyResult {

  /**
   * Every set and delete was applied, in order.
   *
   * @param count the entries of the batch
   */
  record Stored(int count) implements SetManyResult {}

  /**
   * The node answered the whole batch and refused some entries; the connection goes on. Beware: a
   * refused set has dropped the older entry of its key, and a quiet batch does not always tell
   * which key it was. {@link NodeConnection#sendLoud} does.
   *
   * @param failures the number of entries refused
   * @param serverLines the server's first few answers
   */
  record PartlyFailed(int failures, List<String> serverLines) implements SetManyResult {
    public PartlyFailed {
      serverLines = List.copyOf(serverLines);
    }
  }

  /**
   * The connection is closed. How much of the batch was applied is unknown; bytes that the kernel
   * had taken may still arrive.
   */
  record Broken(IOException cause) implements SetManyResult {}
}
