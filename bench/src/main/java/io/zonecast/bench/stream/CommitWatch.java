package io.zonecast.bench.stream;

import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads how far a group has committed the updates of a table. */
final class CommitWatch implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Admin admin;
  private final String group;
  private final List<TopicPartition> partitions;

  CommitWatch(BenchTopic table, String group) {
    this.admin = Admin.create(Map.of("bootstrap.servers", table.bootstrapServers()));
    this.group = group;
    this.partitions =
        TopicEnds.partitions(ZoneTopic.updatesOf(table.name()), ZoneTopic.DEFAULT_PARTITIONS);
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
  long left() {
    Map<TopicPartition, OffsetAndMetadata> committed =
        BrokerAnswers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return BrokerAnswers.await(TopicEnds.high(admin, partitions)).entrySet().stream()
        .mapToLong(
            end -> {
              OffsetAndMetadata offset = committed.get(end.getKey());
              return end.getValue() - (offset == null ? 0 : offset.offset());
            })
        .sum();
  }

  @Override
  public void close() {
    admin.close();
  }
}
