package io.zonecast.sink.owner;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to whether a node is ours, as a value. */
public sealed interface NodeOwnership {

  /** The node records our claim, and says nothing that has changed since. */
  record Ours(NodeOwners recorded) implements NodeOwnership {}

  /**
   * Nobody else's, and our claim is to be written before anything else is.
   *
   * @param wanted all claims of the node, ours among them
   */
  record ToClaim(NodeOwners wanted) implements NodeOwnership {}

  /**
   * Nothing on the node says whose the entries under our prefix are, of which there may be none:
   * that has to be found out ({@link OwnerCheck}).
   *
   * @param wanted as {@link ToClaim} has it, should they turn out to have no owner
   */
  record NotRecorded(NodeOwners wanted) implements NodeOwnership {}

  /** Nothing may be changed under our prefix; {@code reason} says why, and what helps. */
  record NotOurs(String reason) implements Refused {}

  /**
   * The node is our own, under the name of another of our nodes: the two have changed places, or
   * are one server. Nothing may be changed until that is put right.
   */
  record Swapped(String reason) implements Refused {}

  /** Either of the two. */
  sealed interface Refused extends NodeOwnership {
    String reason();
  }

  /** Why nothing may be changed under our prefix; empty if it may, or is still to be found out. */
  default Optional<String> refusal() {
    return this instanceof Refused refused ? Optional.of(refused.reason()) : Optional.empty();
  }

  /**
   * Goes on only if the node is ours, or may become so.
   *
   * @throws NotOurNodeException if nothing may be changed under our prefix
   */
  default void requireOurs() {
    refusal()
        .ifPresent(
            reason -> {
              throw new NotOurNodeException(reason);
            });
  }

  /**
   * Decides by what a node records.
   *
   * @param node its name in our list
   * @param recorded its entry {@link NodeOwners#KEY}; null where there is none
   * @param checkpoints ours, as far as they are there: written by an earlier version, they prove
   *     what no entry says
   */
  static NodeOwnership of(
      Claimant us, String node, byte @Nullable [] recorded, List<Checkpoint> checkpoints) {
    Optional<NodeOwnership> refusal = refusal(us.owner(), us.writtenWith(), node, recorded);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    NodeOwners owners =
        recorded == null ? NodeOwners.NONE : NodeOwners.decode(recorded).orElseThrow();
    OwnerClaim wanted = us.claimTo(node);
    NodeOwners with = withFormer(us, node, owners, checkpoints).with(us.prefix(), wanted);
    Optional<OwnerClaim> ours = owners.of(us.prefix());
    if (ours.isEmpty()) {
      return checkpoints.stream().anyMatch(checkpoint -> proves(checkpoint, us, us.prefix()))
          ? new ToClaim(with)
          : new NotRecorded(with);
    }
    return owners.equals(with) ? new Ours(owners) : new ToClaim(with);
  }

  /**
   * The part of the decision that needs no topic: what a node records against it being ours.
   *
   * @return {@link NotOurs} or {@link Swapped}; empty if the record does not say so
   */
  static Optional<NodeOwnership> refusal(
      Owner us, WrittenWith writtenWith, String node, byte @Nullable [] recorded) {
    String prefix = writtenWith.keyPrefix();
    Optional<NodeOwners> known =
        recorded == null ? Optional.of(NodeOwners.NONE) : NodeOwners.decode(recorded);
    if (known.isEmpty()) {
      return Optional.of(
          new NotOurs(
              OwnerWords.unknown(
                  us,
                  writtenWith,
                  node,
                  "its entry " + NodeOwners.KEY + " is none of this version")));
    }
    NodeOwners conflicts = known.get().conflictingWith(prefix, us);
    if (!conflicts.isEmpty()) {
      return Optional.of(new NotOurs(OwnerWords.conflict(us, writtenWith, node, conflicts)));
    }
    return known
        .get()
        .of(prefix)
        .map(OwnerClaim::node)
        .filter(before -> !before.equals(node) && writtenWith.nodes().contains(before))
        .map(before -> new Swapped(OwnerWords.swapped(us, writtenWith, node, before)));
  }

  /** Entries under another prefix that an earlier version wrote for us are recorded as ours too. */
  private static NodeOwners withFormer(
      Claimant us, String node, NodeOwners owners, List<Checkpoint> checkpoints) {
    NodeOwners all = owners;
    for (Checkpoint checkpoint : checkpoints) {
      String prefix = checkpoint.writtenWith().keyPrefix();
      if (proves(checkpoint, us, prefix)
          && all.of(prefix).isEmpty()
          && all.conflictingWith(prefix, us.owner()).isEmpty()) {
        all = all.with(prefix, us.claimTo(node));
      }
    }
    return all;
  }

  private static boolean proves(Checkpoint checkpoint, Claimant us, String prefix) {
    return checkpoint.topicId().equals(us.topic().topicId())
        && checkpoint.writtenWith().keyPrefix().equals(prefix);
  }
}
