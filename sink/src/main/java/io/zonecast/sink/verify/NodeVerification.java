package io.zonecast.sink.verify;

import io.zonecast.sink.cache.MemoryVerdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found on one node.
 *
 * @param node where it is, as {@code host:port}
 * @param checked how many entries the topic says it holds, each of which was read
 * @param missing those that are not there
 * @param different those with another value or other client flags
 * @param orphaned zone keys of ours that the topic does not have
 * @param foreign zone keys of ours that live on another node
 * @param unreadable rows of this node that no sink can apply; they are dead letters, and no
 *     difference
 * @param examples the first few differences, each as {@code missing zone:usps:005:010}
 * @param memory what the entries need on this node, beside what it has; null if it does not say
 * @param notListed why orphaned and foreign entries could not be looked for; empty if they were
 * @param unreachable why the node could not be checked to its end; empty if it was
 */
public record NodeVerification(
    String node,
    long checked,
    long missing,
    long different,
    long orphaned,
    long foreign,
    long unreadable,
    List<String> examples,
    @Nullable MemoryVerdict memory,
    String notListed,
    String unreachable) {

  public NodeVerification {
    examples = List.copyOf(examples);
  }

  /** Whether nothing differs, as far as was looked. */
  public boolean isEqual() {
    return missing + different + orphaned + foreign == 0;
  }

  /** Whether everything that there is to look at was. */
  public boolean isComplete() {
    return notListed.isEmpty() && unreachable.isEmpty();
  }
}
