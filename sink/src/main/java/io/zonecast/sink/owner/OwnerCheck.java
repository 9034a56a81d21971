package io.zonecast.sink.owner;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Reads a node's records and decides whether it is ours; changes nothing. If the node records its
 * owners that takes one round trip; if not, the check may list all its keys.
 *
 * @param sampleKeys keys of some rows of our topic, without the prefix; read only if a node records
 *     no owner and does not list its keys
 */
public record OwnerCheck(
    Claimant us, ConnectionSettings connections, Supplier<Collection<String>> sampleKeys) {
  /**
   * What a look found.
   *
   * @param entry {@link NodeOwners#KEY} with its CAS
   * @param checkpoints those of ours that exist
   */
  public record Look(VersionedEntry entry, List<Checkpoint> checkpoints, NodeOwnership found) {}

  /** Reads what the node records. */
  public Look look(NodeConnection connection) throws IOException {
    List<String> keys = new ArrayList<>(List.of(NodeOwners.KEY));
    keys.addAll(us.checkpointKeys());
    List<VersionedEntry> entries = connection.readEntries(keys);
    List<Checkpoint> ours =
        entries.stream().skip(1).map(Checkpoint::in).flatMap(Optional::stream).toList();
    return new Look(entries.get(0), ours, judge(connection, entries.get(0), ours));
  }

  /** Decides from an entry and checkpoints that were read before. */
  public NodeOwnership judge(
      NodeConnection connection, VersionedEntry entry, List<Checkpoint> checkpoints) {
    return NodeOwnership.of(
        us, connection.address().toString(), VersionedEntry.valueOf(entry), checkpoints);
  }

  /** As {@link #look}; if the node records no owner, it also calls {@link #findOut}. */
  public Look lookClosely(NodeConnection connection) throws IOException {
    Look look = look(connection);
    return look.found() instanceof NodeOwnership.NotRecorded
        ? findOut(connection, look, false)
        : look;
  }

  /**
   * Finds out whether another owner wrote the entries under our prefix, if the node records no
   * owner. Lists all keys, which takes seconds on a large node; if the node lists none, it reads
   * some of our rows.
   *
   * @param open found no owner
   * @param writtenByUs whether we have written to the node before: then zones under our prefix are
   *     our own, late or left over, unless another group's checkpoint has come there since
   * @return with {@link NodeOwnership.ToClaim} or {@link NodeOwnership.NotOurs}; or what the node
   *     records now, if an owner came while we looked: the entries found are then that one's
   * @throws IOException if the node does not answer, or the connection was closed meanwhile
   */
  public Look findOut(NodeConnection connection, Look open, boolean writtenByUs)
      throws IOException {
    Optional<String> evidence;
    try {
      evidence = listed(connection, writtenByUs);
    } catch (CrawlerRefusedException e) {
      evidence = writtenByUs ? Optional.empty() : sampled(connection);
    }
    if (evidence.isEmpty()) {
      NodeOwners wanted = ((NodeOwnership.NotRecorded) open.found()).wanted();
      return new Look(open.entry(), open.checkpoints(), new NodeOwnership.ToClaim(wanted));
    }
    Look now = look(connection);
    if (!(now.found() instanceof NodeOwnership.NotRecorded)) {
      return now;
    }
    String why =
        OwnerWords.unknown(
            us.owner(), us.writtenWith(), connection.address().toString(), evidence.get());
    return new Look(now.entry(), now.checkpoints(), new NodeOwnership.NotOurs(why));
  }

  /** Finds another group's checkpoint over our prefix, or a zone that we did not write. */
  private Optional<String> listed(NodeConnection connection, boolean writtenByUs)
      throws IOException {
    byte[] prefix = us.prefix().getBytes(StandardCharsets.UTF_8);
    var checkpoints = new ArrayList<String>();
    String[] zone = {null};
    new KeyCrawler(connection.address(), connections, "")
        .crawl(
            (key, length) -> {
              String text = new String(key, 0, length, StandardCharsets.UTF_8);
              if (CheckpointKey.isOne(text)) {
                checkpoints.add(text);
              } else if (!writtenByUs
                  && text.startsWith(us.prefix())
                  && ZoneKey.isValid(key, prefix.length, length - prefix.length)) {
                zone[0] = text;
              }
              return zone[0] == null && connection.isOpen();
            },
            connection::isOpen);
    for (VersionedEntry.Present present : connection.readPresent(checkpoints).values()) {
      if (mayCoverOurs(present)) {
        return Optional.of("has another group's checkpoint " + present.key());
      }
    }
    if (!connection.isOpen()) {
      // An incomplete listing proves nothing.
      throw new IOException(
          "memcached %s: its listing was given up".formatted(connection.address()));
    }
    return Optional.ofNullable(zone[0]).map(key -> "holds " + key);
  }

  private boolean mayCoverOurs(VersionedEntry.Present checkpoint) {
    return !us.checkpointKeys().contains(checkpoint.key())
        && Checkpoint.in(checkpoint)
            .filter(its -> !NodeOwners.overlap(its.writtenWith().keyPrefix(), us.prefix()))
            .isEmpty();
  }

  private Optional<String> sampled(NodeConnection connection) throws IOException {
    List<String> keys;
    try {
      keys = sampleKeys.get().stream().map(key -> us.prefix() + key).toList();
    } catch (InterruptException e) {
      throw (IOException) new InterruptedIOException(e.getMessage()).initCause(e);
    } catch (RetriableException e) {
      throw new IOException(
          "memcached %s lists no keys, and Kafka gives no rows to ask it for: %s"
              .formatted(connection.address(), e.getMessage()),
          e);
    }
    return connection.readPresent(keys).keySet().stream().findFirst().map(key -> "holds " + key);
  }
}
