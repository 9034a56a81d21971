package io.zonecast.ingest.stream;

import io.zonecast.schemas.topic.TopicEnds;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks for the high watermarks of a topic: the next offset to be written of each partition, though
 * transactions below it may still be open. Not for the last stable offsets: the markers of a
 * transaction that has just committed may still be on their way, and what it wrote counts.
 */
interface HighWatermarks {
  /** Asks, and does not wait. The answer may come on any thread, or never. */
  CompletionStage<Map<Integer, Long>> ask(Set<Integer> partitions);

  /** Those of a topic, by an admin client, on whose thread the answers come. */
  static HighWatermarks of(Admin admin, String topic) {
    return partitions ->
        TopicEnds.high(admin, partitions.stream().map(p -> new TopicPartition(topic, p)).toList())
            .toCompletionStage()
            .thenApply(
                ends ->
                    ends.entrySet().stream()
                        .collect(
                            Collectors.toMap(
                                end -> end.getKey().partition(), Map.Entry::getValue)));
  }
}
