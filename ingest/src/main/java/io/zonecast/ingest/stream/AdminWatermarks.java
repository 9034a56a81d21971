package io.zonecast.ingest.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** High watermarks by an admin client, on whose thread the answers come. */
final class AdminWatermarks implements HighWatermarks {
  private final Admin admin;
  private final String topic;

  AdminWatermarks(Admin admin, String topic) {
    this.admin = admin;
    this.topic = topic;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> ask(Set<Integer> partitions) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream()
            .collect(Collectors.toMap(p -> new TopicPartition(topic, p), p -> OffsetSpec.latest()));
    return admin
        .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .all()
        .toCompletionStage()
        .thenApply(
            answers -> {
              Map<Integer, Long> ends = new HashMap<>();
              answers.forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
              return ends;
            });
  }
}
