package io.zonecast.sink.owner;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who asks whether a node is theirs: a sink, or a command with a sink's settings.
 *
 * @param writtenWith its prefix is what is claimed, its nodes the pool
 */
public record Claimant(TopicInfo topic, String group, WrittenWith writtenWith) {

  public Owner owner() {
    return new Owner(topic.clusterId(), topic.name(), group);
  }

  public String prefix() {
    return writtenWith.keyPrefix();
  }

  /** What a node of this name is to record. */
  public OwnerClaim claimTo(String node) {
    return new OwnerClaim(owner(), topic.topicId(), node, writtenWith.nodes());
  }

  /** The options by which a command has these settings, as far as they decide whose a node is. */
  public String options() {
    return OwnerWords.options(owner(), writtenWith);
  }

  /** The keys of its checkpoints, by partition. */
  public List<String> checkpointKeys() {
    return IntStream.range(0, topic.partitions())
        .mapToObj(partition -> CheckpointKey.of(group, topic.name(), partition))
        .toList();
  }
}
