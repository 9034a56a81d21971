package io.zonecast.bench.stream;

import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.schemas.ZoneTopic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How far a group has committed the updates of a table. */
final class GroupWatch implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, OffsetSpec> partitions;

  GroupWatch(BenchTopic table, String group) {
    this.admin = Admin.create(Map.of("bootstrap.servers", table.bootstrapServers()));
    this.group = group;
    String updates = ZoneTopic.updatesOf(table.name());
    this.partitions =
        IntStream.range(0, ZoneTopic.DEFAULT_PARTITIONS)
            .mapToObj(partition -> new TopicPartition(updates, partition))
            .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
  }

  /** Waits until the group has committed all that is in the topic now. */
  void awaitAll() throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (left() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("group %s has %d to go".formatted(group, left()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Offsets between what is committed and the end. */
  long left() throws InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      long left = 0;
      for (var end :
          admin
              .listOffsets(partitions, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
              .all()
              .get()
              .entrySet()) {
        OffsetAndMetadata offset = committed.get(end.getKey());
        left += end.getValue().offset() - (offset == null ? 0 : offset.offset());
      }
      return left;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the positions of group " + group, e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
