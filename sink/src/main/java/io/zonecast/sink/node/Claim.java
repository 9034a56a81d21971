package io.zonecast.sink.node;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Suspect;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A checkpoint that is ours, and who may have written before us.
 *
 * @param checkpoint as we wrote it last
 * @param cas the token under which the node keeps it
 * @param formerWriters the connections by which others wrote, as the group knows them
 * @param suspects those that may still have bytes under way
 * @param remaining those of the suspects that were still connected when the fill began, so that it
 *     cannot clear them
 */
record Claim(
    Checkpoint checkpoint,
    long cas,
    List<String> formerWriters,
    List<Suspect> suspects,
    List<Suspect> remaining) {

  Claim holding(Checkpoint newCheckpoint, long newCas) {
    return new Claim(newCheckpoint, newCas, formerWriters, suspects, remaining);
  }

  Claim withRemaining(List<Suspect> stillThere) {
    return new Claim(checkpoint, cas, formerWriters, suspects, stillThere);
  }

  /** The suspects that the fill cannot clear, as the checkpoint names them. */
  List<Suspect> kept() {
    return checkpoint.suspects().stream()
        .filter(its -> remaining.stream().anyMatch(left -> left.conn().equals(its.conn())))
        .toList();
  }

  /** A fill has cleared what it could. */
  Claim cleared() {
    return new Claim(checkpoint, cas, formerWriters, remaining, remaining);
  }

  /**
   * The connections that can do no more harm once the fill has ended: those that were gone before
   * it, and those that the checkpoint did not suspect. The latter had let go of it in good order,
   * and may stay connected for other partitions.
   */
  Set<String> gone() {
    Set<String> gone = new LinkedHashSet<>(formerWriters);
    suspects.forEach(suspect -> gone.add(suspect.conn()));
    remaining.forEach(suspect -> gone.remove(suspect.conn()));
    // Another claimed meanwhile, and suspected ours: it writes on.
    gone.remove(checkpoint.conn());
    return gone;
  }
}
