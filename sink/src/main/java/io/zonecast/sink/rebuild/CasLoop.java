package io.zonecast.sink.rebuild;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.NodeConnection;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Changes or removes one entry as it was read, again and again while others write it. */
final class CasLoop {
  /** A sink writes a checkpoint twice a second at most: being overtaken so often is no accident. */
  private static final int MOST_TRIES = 20;

  private CasLoop() {}

  /**
   * Writes what {@code wanted} makes of the entry, which may be absent.
   *
   * @throws IOException if the node cannot be asked, or others write the entry all the time
   */
  static void change(
      NodeConnection connection, String key, Function<CheckpointEntry, byte[]> wanted)
      throws IOException {
    repeat(
        connection,
        key,
        found ->
            found instanceof CheckpointEntry.Present present
                ? connection.replace(key, present.cas(), wanted.apply(found))
                : connection.add(key, wanted.apply(found)));
  }

  /**
   * Removes the entry.
   *
   * @param seen is shown the entry each time that it was read
   * @return whether there was one
   * @throws IOException as {@link #change} does
   */
  static boolean remove(NodeConnection connection, String key, Consumer<CheckpointEntry> seen)
      throws IOException {
    boolean[] removed = {false};
    repeat(
        connection,
        key,
        found -> {
          seen.accept(found);
          if (!(found instanceof CheckpointEntry.Present present)) {
            return new CasResult.Done(0);
          }
          CasResult result = connection.delete(key, present.cas());
          removed[0] = result instanceof CasResult.Done;
          return result;
        });
    return removed[0];
  }

  /** One conditional write. */
  private interface Try {
    CasResult write(CheckpointEntry found) throws IOException;
  }

  private static void repeat(NodeConnection connection, String key, Try next) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      CheckpointEntry found = connection.readEntries(List.of(key)).get(0);
      if (next.write(found) instanceof CasResult.Done) {
        return;
      }
    }
    throw new IOException(
        "memcached %s: %s changes faster than it can be written; try again"
            .formatted(connection.address(), key));
  }
}
