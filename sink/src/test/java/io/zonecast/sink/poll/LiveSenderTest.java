package io.zonecast.sink.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.SimNetwork;
import io.zonecast.sink.cache.SimNode;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.timing.Scheduler;
import io.zonecast.sink.timing.SimProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a lane has to ask whether the log is still the one that it has followed. */
class LiveSenderTest {
  private static final TopicPartition PARTITION = new TopicPartition(LogConsumer.TOPIC, 0);
  private static final NodeAddress NODE = new NodeAddress("node", 11_211);

  private final Scheduler scheduler = new Scheduler(1);
  private final SimProcess process = new SimProcess(scheduler, "sink");
  private final AssignedPartitions assigned = new AssignedPartitions(LogConsumer.TOPIC);
  private final DeadLetters deadLetters =
      new DeadLetters(
          new TopicInfo("cluster", LogConsumer.TOPIC, Uuid.ONE_UUID, 1, Duration.ofDays(1)),
          "g",
          LogConsumer::new,
          () -> {
            throw new IllegalStateException("no record is put aside");
          },
          (partition, records, firstOffset, reason) -> {},
          process);
  private final LiveSender sender =
      new LiveSender(
          assigned,
          LogConsumer.reader(() -> true),
          deadLetters,
          new WrittenWith("zone:", "zone", 0, "modulo", List.of(NODE.toString())),
          (entries, oldest) -> {},
          process);
  private NodeConnection connection;

  @BeforeEach
  void connect() throws IOException {
    var node = new SimNode(NODE, scheduler);
    var network = new SimNetwork(process, "10.0.0.1", () -> 40_000, Map.of(NODE, node));
    connection = NodeConnection.open(NODE, ConnectionSettings.DEFAULT.over(network));
    assigned.add(List.of(0));
  }

  @AfterEach
  void close() {
    connection.close();
    deadLetters.close();
    scheduler.close();
  }

  @Test
  void aLaneThatTheOthersStepBackForFindsOutWhatALaterLeaderHasBelowIt() {
    LiveLane ahead = lane(20, 0);
    LiveLane behind = lane(15, 1);

    sender.distribute(poll(1, 15, 16));

    assertThat(ahead.isOpen()).isFalse();
    assertThat(behind.isOpen()).isTrue();
  }

  @Test
  void aLaneFindsOutWhyALaterLeaderHasNothingWhereItGoesOn() {
    LiveLane lane = lane(20, 0);

    sender.distribute(poll(1, 23));

    assertThat(lane.isOpen()).isFalse();
  }

  @Test
  void aLaneGoesOnUnderALaterLeaderWhereItWas() {
    LiveLane lane = lane(20, 0);

    sender.distribute(poll(1, 20, 21));
    sender.distribute(poll(1, 24));

    assertThat(lane.isOpen()).isTrue();
    assertThat(lane.sentNextOffset()).isEqualTo(25);
  }

  @Test
  void aLaneGoesOnWhereTheLeaderIsTheSame() {
    LiveLane ahead = lane(20, 1);
    LiveLane behind = lane(15, 1);

    sender.distribute(poll(1, 17, 22));

    assertThat(ahead.isOpen()).isTrue();
    assertThat(behind.isOpen()).isTrue();
  }

  /** A lane that has joined, as the poll loop lets one. */
  private LiveLane lane(long nextOffset, int leaderEpoch) {
    var from = new PartitionPosition(nextOffset, 0, leaderEpoch);
    var lane = new LiveLane(connection, 0, 0, from, UnaryOperator.identity(), stopped -> {});
    AssignedPartition its = Objects.requireNonNull(assigned.get(0));
    its.moveTo(nextOffset);
    its.add(lane);
    return lane;
  }

  /** Records at these offsets, all of one leader. */
  private static ConsumerRecords<ByteBuffer, ByteBuffer> poll(int leaderEpoch, long... offsets) {
    List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = new ArrayList<>();
    for (long offset : offsets) {
      byte[] key = "usps:005:010".getBytes(UTF_8);
      byte[] value = "usps:005:010:4".getBytes(UTF_8);
      records.add(
          new ConsumerRecord<>(
              LogConsumer.TOPIC,
              0,
              offset,
              1_000,
              TimestampType.LOG_APPEND_TIME,
              key.length,
              value.length,
              ByteBuffer.wrap(key),
              ByteBuffer.wrap(value),
              new RecordHeaders(),
              Optional.of(leaderEpoch)));
    }
    var next = new OffsetAndMetadata(offsets[offsets.length - 1] + 1, Optional.of(leaderEpoch), "");
    return new ConsumerRecords<>(Map.of(PARTITION, records), Map.of(PARTITION, next));
  }
}
