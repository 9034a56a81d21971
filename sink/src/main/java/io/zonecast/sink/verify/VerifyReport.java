package io.zonecast.sink.verify;

import java.time.Duration;
import java.util.List;

/**
 * The pool against the topic at the high watermark taken at the start. What changed meanwhile is in
 * none of the counts.
 *
 * @param unplaced unreadable records that belong to no node, since their keys are no zone keys
 * @param misplaced records that are no rows, since they are on another partition than their key's
 * @param waiting what could not be compared and why; a line a partition
 */
public record VerifyReport(
    List<NodeVerification> nodes,
    long unplaced,
    long misplaced,
    List<String> waiting,
    Duration time) {

  public VerifyReport {
    nodes = List.copyOf(nodes);
    waiting = List.copyOf(waiting);
  }

  /** Whether nothing differs, as far as was looked. */
  public boolean isEqual() {
    return nodes.stream().allMatch(NodeVerification::isEqual);
  }

  /** Whether every node and every record was looked at. */
  public boolean isComplete() {
    return waiting.isEmpty() && nodes.stream().allMatch(NodeVerification::isComplete);
  }

  /** Whether there is no answer: not everything was looked at, and no entry at all. */
  public boolean isEmpty() {
    return !isComplete()
        && isEqual()
        && nodes.stream().allMatch(node -> node.count(EntryKind.CHECKED) == 0);
  }
}
