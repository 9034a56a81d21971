package io.zonecast.sink.verify;

import io.zonecast.sink.cache.MemoryVerdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found on one node.
 *
 * @param node where it is, as {@code host:port}
 * @param counts how many entries are of each kind; a kind of which there is none may be left out
 * @param examples the first few differences, each as {@code missing zone:usps:005:010}
 * @param memory what the entries need on this node, beside what it has; null if it does not say
 * @param notListed why orphaned and foreign entries could not be looked for; empty if they were
 * @param unreachable why the node could not be checked to its end; empty if it was
 */
public record NodeVerification(
    String node,
    Map<EntryKind, Long> counts,
    List<String> examples,
    @Nullable MemoryVerdict memory,
    String notListed,
    String unreachable) {

  public NodeVerification {
    counts = Map.copyOf(counts);
    examples = List.copyOf(examples);
  }

  public long count(EntryKind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Whether entries of this kind were looked for: what was not is unknown, and not 0. */
  public boolean isKnown(EntryKind kind) {
    return notListed.isEmpty() || (kind != EntryKind.ORPHANED && kind != EntryKind.FOREIGN);
  }

  /** How many entries are not as the topic has them. */
  public long differences() {
    return count(EntryKind.MISSING)
        + count(EntryKind.DIFFERENT)
        + count(EntryKind.ORPHANED)
        + count(EntryKind.FOREIGN);
  }

  /** Whether nothing differs, as far as was looked. */
  public boolean isEqual() {
    return differences() == 0;
  }

  /** Whether everything that there is to look at was. */
  public boolean isComplete() {
    return notListed.isEmpty() && unreachable.isEmpty() && count(EntryKind.BEHIND) == 0;
  }
}
