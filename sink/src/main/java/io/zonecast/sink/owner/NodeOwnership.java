package io.zonecast.sink.owner;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides from a node's records whether it is ours. {@link OwnerCheck} reads them. */
public sealed interface NodeOwnership {

  /** The node records our claim as it is now. */
  record Ours(NodeOwners recorded) implements NodeOwnership {}

  /**
   * The node has no other owner; write our claim before anything else.
   *
   * @param wanted all claims of the node, with ours
   */
  record ToClaim(NodeOwners wanted) implements NodeOwnership {}

  /**
   * The node records no owner of our prefix. It may hold another owner's entries: {@link
   * OwnerCheck#findOut} decides.
   *
   * @param wanted the claims to write if it does not
   */
  record NotRecorded(NodeOwners wanted) implements NodeOwnership {}

  /** Nothing may be changed under our prefix; {@code reason} says why, and the remedy. */
  record NotOurs(String reason) implements Refused {}

  /**
   * The node records the name of another of our nodes: the two have changed places, or are one
   * server. Nothing may be changed until the operator corrects that.
   */
  record Swapped(String reason) implements Refused {}

  sealed interface Refused extends NodeOwnership {
    String reason();
  }

  /** Why nothing may be changed under our prefix; empty if it may, or is not known yet. */
  default Optional<String> refusal() {
    return this instanceof Refused refused ? Optional.of(refused.reason()) : Optional.empty();
  }

  /**
   * Refuses a node that is not ours.
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
   * Decides from what a node records.
   *
   * @param node its name in our list
   * @param recorded its entry {@link NodeOwners#KEY}; null if it has none
   * @param checkpoints those of ours that exist: if an earlier version wrote them, they prove that
   *     the entries are ours although no claim is recorded
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
   * Decides, without knowing the topic's id, whether a node's record speaks against us.
   *
   * @return {@link NotOurs} or {@link Swapped}; empty if it does not
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

  /** Adds claims to other prefixes under which an earlier version wrote for us. */
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
