package io.zonecast.sink.rebuild;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.CheckpointStore;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NotOurNodeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Removes our zones under a prefix that the sink no longer writes, and our claim to it. Entries
 * that the node does not record as ours stay.
 */
public record PrefixRemoval(Claimant us, ConnectionSettings connections) {
  private static final int BATCH_ENTRIES = 5_000;
  private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Checks that the entries are ours and that no sink writes them.
   *
   * @throws NotOurNodeException if not
   */
  public void require(NodeAddress node, String prefix) throws IOException {
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      VersionedEntry entry = connection.readEntries(List.of(NodeOwners.KEY)).get(0);
      boolean ours =
          NodeOwners.in(entry)
              .flatMap(owners -> owners.of(prefix))
              .filter(its -> its.owner().isSameAs(us.owner()))
              .isPresent();
      if (!ours) {
        throw new NotOurNodeException(
            ("node %s: it does not record that entries under \"%s\" belong to %s: nothing was"
                    + " removed; correct --drop-prefix, --topic or --group")
                .formatted(node, prefix, us.owner()));
      }
      boolean written =
          new CheckpointStore(connection)
              .read(us.checkpointKeys()).stream()
                  .anyMatch(checkpoint -> checkpoint.writtenWith().keyPrefix().equals(prefix));
      if (written) {
        throw new NotOurNodeException(
            ("node %s: its sink writes under \"%s\": nothing was removed; start the sink with the"
                    + " new --key-prefix and --change-settings first")
                .formatted(node, prefix));
      }
    }
  }

  /**
   * Removes the entries, then the claim.
   *
   * @return the number of zones removed
   * @throws io.zonecast.sink.cache.CrawlerRefusedException if the node does not list its keys
   */
  public long remove(NodeAddress node, String prefix) throws IOException {
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      var deletes = new Deletes(connection, prefix);
      int at = prefix.getBytes(StandardCharsets.UTF_8).length;
      new KeyCrawler(node, connections, prefix)
          .crawl(
              (key, length) -> {
                if (ZoneKey.isValid(key, at, length - at)) {
                  deletes.add(key, at, length - at);
                }
                return true;
              });
      deletes.send();
      new CheckpointStore(connection)
          .change(NodeOwners.KEY, found -> Optional.of(without(prefix, found).encode()));
      return deletes.sent;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Removes our claim; others' stay, and so does a record that this version cannot read. */
  private static NodeOwners without(String prefix, VersionedEntry entry) {
    return NodeOwners.in(entry)
        .orElseThrow(
            () ->
                new NotOurNodeException(
                    "entry %s is none of this version: the claim to \"%s\" stays in it"
                        .formatted(NodeOwners.KEY, prefix)))
        .without(prefix);
  }

  private static final class Deletes {
    private final NodeConnection connection;
    private final EntryBatch batch;
    private long sent;

    Deletes(NodeConnection connection, String prefix) {
      this.connection = connection;
      this.batch = new EntryBatch(prefix, 0);
    }

    void add(byte[] key, int at, int length) {
      batch.delete(key, at, length);
      if (batch.count() == BATCH_ENTRIES) {
        send();
      }
    }

    void send() {
      try {
        if (!batch.isEmpty()) {
          sent += batch.count() - connection.sendLoud(batch, BATCH_TIMEOUT).size();
          batch.clear();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
