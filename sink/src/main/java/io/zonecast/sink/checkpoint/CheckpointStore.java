package io.zonecast.sink.checkpoint;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads and changes a node's checkpoints for the commands ({@code rebuild}, {@code verify}, {@code
 * lag}). Every change is a CAS; if a running sink has written meanwhile, the command reads and
 * tries again. A sink writes its own checkpoints through {@code node.LaneCheckpoints}, in the order
 * that {@code node.CheckpointProtocol} gives. Uses one connection, and is as thread-safe as that.
 */
public record CheckpointStore(NodeConnection connection) {
  /** A sink writes a checkpoint twice a second at most, so 20 refusals in a row are no chance. */
  private static final int MOST_TRIES = 20;

  /** Reads those of these checkpoints that exist, in the order of the keys. */
  public List<Checkpoint> read(List<String> keys) throws IOException {
    return connection.readEntries(keys).stream()
        .map(Checkpoint::in)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Writes the value that {@code wanted} makes of the entry, which may be absent; if it makes none,
   * the entry stays.
   *
   * @throws IOException if the node does not answer, or others keep changing the entry
   */
  public void change(String key, Function<VersionedEntry, Optional<byte[]>> wanted)
      throws IOException {
    repeat(
        key,
        found -> {
          Optional<byte[]> value = wanted.apply(found);
          if (value.isEmpty()) {
            return new CasResult.Done(0);
          }
          return found instanceof VersionedEntry.Present present
              ? connection.replace(key, present.cas(), value.get())
              : connection.add(key, value.get());
        });
  }

  /**
   * Has a partition filled again from the beginning, by changing its checkpoint to {@code FILLING}.
   * A checkpoint that is missing or not understood has that effect already. The writer and the
   * suspects stay in it: their batches may still arrive.
   */
  public void moveBack(String key) throws IOException {
    change(
        key,
        found ->
            Checkpoint.in(found)
                .filter(there -> there.state() == Checkpoint.State.LIVE)
                .map(there -> there.fillingAgain().encode()));
  }

  /**
   * Removes the entry.
   *
   * @param seen is given the entry each time it is read
   * @return whether there was one
   * @throws IOException as {@link #change} does
   */
  public boolean remove(String key, Consumer<VersionedEntry> seen) throws IOException {
    boolean[] removed = {false};
    repeat(
        key,
        found -> {
          seen.accept(found);
          if (!(found instanceof VersionedEntry.Present present)) {
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
    CasResult write(VersionedEntry found) throws IOException;
  }

  private void repeat(String key, Try next) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      VersionedEntry found = connection.readEntries(List.of(key)).get(0);
      if (next.write(found) instanceof CasResult.Done) {
        return;
      }
    }
    throw new IOException(
        "memcached %s: %s changes faster than it can be written; try again"
            .formatted(connection.address(), key));
  }
}
