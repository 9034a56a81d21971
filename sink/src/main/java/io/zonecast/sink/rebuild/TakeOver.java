package io.zonecast.sink.rebuild;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.CheckpointStore;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.NotOurNodeException;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.owner.OwnerClaim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes another owner's node ours. The former owner may write until it next reads the node's record
 * of owners, a second later at most. So its connections become suspects in our checkpoints: the
 * fill waits until they are closed, or runs again when they close.
 */
public record TakeOver(Claimant us, OwnerCheck check, ConnectionSettings connections) {
  /** How many partitions of a former owner's topic are tried if a node lists no keys. */
  private static final int MOST_PARTITIONS = 1_024;

  /**
   * The owner that a take-over would replace.
   *
   * @param claim in words
   * @param entries the number of its zones on the node
   */
  public record Former(NodeAddress node, String claim, long entries) {}

  /**
   * Finds the owner; changes nothing.
   *
   * @return empty if the node is ours or has no owner
   * @throws NotOurNodeException if the node cannot be taken over: our own entries conflict, or the
   *     former owner's could not be swept
   */
  public Optional<Former> look(NodeAddress node) throws IOException {
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      OwnerCheck.Look look = check.lookClosely(connection);
      NodeOwnership found = look.found();
      if (!(found instanceof NodeOwnership.NotOurs)) {
        return Optional.empty();
      }
      NodeOwners conflicts = conflicts(look.entry());
      if (conflicts.byPrefix().values().stream()
          .anyMatch(its -> its.owner().isSameAs(us.owner()))) {
        found.requireOurs();
      }
      Set<String> prefixes = new TreeSet<>(conflicts.byPrefix().keySet());
      prefixes.add(us.prefix());
      return Optional.of(new Former(node, words(look.entry()), zones(node, prefixes)));
    } catch (CrawlerRefusedException e) {
      throw new NotOurNodeException(
          ("node %s: it does not list its keys, so the former owner's entries could not be swept:"
                  + " nothing was changed. Start it without -o no_lru_crawler, or empty: then it is"
                  + " nobody's (%s)")
              .formatted(node, e.getMessage()));
    }
  }

  private NodeOwners conflicts(VersionedEntry owners) {
    return recorded(owners).conflictingWith(us.prefix(), us.owner());
  }

  /** A record that this version cannot read is replaced whole; {@link #words} says so. */
  private static NodeOwners recorded(VersionedEntry owners) {
    return NodeOwners.in(owners).orElse(NodeOwners.NONE);
  }

  private String words(VersionedEntry owners) {
    if (NodeOwners.in(owners).isEmpty()) {
      return "owners whose record this version cannot read; all of them would be replaced";
    }
    NodeOwners conflicts = conflicts(owners);
    return conflicts.isEmpty()
        ? "an owner that the node does not record"
        : conflicts.byPrefix().entrySet().stream()
            .map(claim -> "%s, prefix \"%s\"".formatted(claim.getValue().owner(), claim.getKey()))
            .collect(Collectors.joining("; "));
  }

  private long zones(NodeAddress node, Set<String> prefixes) throws IOException {
    long[] zones = {0};
    for (String prefix : prefixes) {
      int at = prefix.getBytes(StandardCharsets.UTF_8).length;
      new KeyCrawler(node, connections, prefix)
          .crawl(
              (key, length) -> {
                zones[0] += ZoneKey.isValid(key, at, length - at) ? 1 : 0;
                return true;
              });
    }
    return zones[0];
  }

  /** Takes the node over. Our sink, running or started next, then fills it. */
  public void take(NodeAddress node) throws IOException {
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      var checkpoints = new CheckpointStore(connection);
      NodeOwners conflicts = claim(connection, checkpoints);
      Set<Suspect> suspects =
          forget(connection, checkpoints, formerCheckpoints(connection, conflicts));
      for (int partition = 0; partition < us.topic().partitions(); partition++) {
        suspect(checkpoints, partition, suspects);
      }
    }
  }

  /** Records our claim and returns the claims that it replaced. */
  private NodeOwners claim(NodeConnection connection, CheckpointStore checkpoints)
      throws IOException {
    NodeOwners[] replaced = {NodeOwners.NONE};
    checkpoints.change(
        NodeOwners.KEY,
        found -> {
          replaced[0] = conflicts(found);
          NodeOwners wanted = recorded(found);
          for (String prefix : replaced[0].byPrefix().keySet()) {
            wanted = wanted.without(prefix);
          }
          String node = connection.address().toString();
          return Optional.of(wanted.with(us.prefix(), us.claimTo(node)).encode());
        });
    return replaced[0];
  }

  /** Lists the keys of checkpoints that may be the former owner's. */
  private Set<String> formerCheckpoints(NodeConnection connection, NodeOwners conflicts)
      throws IOException {
    Set<String> keys = new LinkedHashSet<>();
    for (OwnerClaim claim : conflicts.byPrefix().values()) {
      for (int p = 0; p < MOST_PARTITIONS; p++) {
        keys.add(CheckpointKey.of(claim.owner().group(), claim.owner().topic(), p));
      }
    }
    try {
      new KeyCrawler(connection.address(), connections, CheckpointKey.PREFIX)
          .crawl(
              (key, length) -> {
                keys.add(new String(key, 0, length, StandardCharsets.UTF_8));
                return true;
              });
    } catch (CrawlerRefusedException e) {
      // The keys of the recorded owners are known without a listing.
    }
    us.checkpointKeys().forEach(keys::remove);
    return keys;
  }

  /** Removes the checkpoints whose entries are ours now, and returns their writers. */
  private Set<Suspect> forget(
      NodeConnection connection, CheckpointStore checkpoints, Set<String> keys) throws IOException {
    Set<Suspect> suspects = new LinkedHashSet<>();
    for (VersionedEntry read : connection.readEntries(List.copyOf(keys))) {
      Optional<Checkpoint> checkpoint = Checkpoint.in(read);
      if (checkpoint.isPresent()
          && NodeOwners.overlap(checkpoint.get().writtenWith().keyPrefix(), us.prefix())) {
        checkpoints.remove(
            read.key(), found -> Checkpoint.in(found).ifPresent(its -> addWriters(its, suspects)));
      }
    }
    return suspects;
  }

  private static void addWriters(Checkpoint checkpoint, Set<Suspect> suspects) {
    checkpoint.suspects().forEach(its -> suspects.add(new Suspect(its.conn(), 0, 0)));
    if (!checkpoint.conn().equals(Checkpoint.RELEASED)) {
      suspects.add(new Suspect(checkpoint.conn(), 0, 0));
    }
  }

  /** Writes our checkpoint of a partition: a fill from the beginning once the suspects are gone. */
  private void suspect(CheckpointStore checkpoints, int partition, Set<Suspect> former)
      throws IOException {
    checkpoints.change(
        CheckpointKey.of(us.group(), us.topic().name(), partition),
        found -> {
          Set<Suspect> suspects = new LinkedHashSet<>(former);
          Checkpoint.in(found).ifPresent(its -> addWriters(its, suspects));
          Checkpoint ours =
              Checkpoint.filling(
                  us.topic().topicId(),
                  partition,
                  Checkpoint.RELEASED,
                  us.writtenWith(),
                  0,
                  new ArrayList<>(suspects));
          return Optional.of(ours.encode());
        });
  }
}
