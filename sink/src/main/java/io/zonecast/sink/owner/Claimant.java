package io.zonecast.sink.owner;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A sink, or a command with a sink's settings, that asks whether a node is its own.
 *
 * @param writtenWith names the prefix that it claims and the pool
 */
public record Claimant(TopicInfo topic, String group, WrittenWith writtenWith) {

  public Owner owner() {
    return new Owner(topic.clusterId(), topic.name(), group);
  }

  public String prefix() {
    return writtenWith.keyPrefix();
  }

  /** The claim that a node of this name records for us. */
  public OwnerClaim claimTo(String node) {
    return new OwnerClaim(owner(), topic.topicId(), node, writtenWith.nodes());
  }

  /** The command's options that decide whose a node is. */
  public String options() {
    return OwnerWords.options(owner(), writtenWith);
  }

  /** The keys of our checkpoints, in the order of the partitions. */
  public List<String> checkpointKeys() {
    return IntStream.range(0, topic.partitions())
        .mapToObj(partition -> CheckpointKey.of(group, topic.name(), partition))
        .toList();
  }
}
