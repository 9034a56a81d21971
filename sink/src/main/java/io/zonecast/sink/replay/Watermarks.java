package io.zonecast.sink.replay;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the broker where a topic's partitions end. Thread-safe, as its {@link Admin} is. */
public final class Watermarks {
  private final Admin admin;
  private final String topic;
  private final InstantSource clock;
  private final Duration clockAllowance;

  /**
   * @param clockAllowance how far the broker's clock may be behind ours
   */
  public Watermarks(Admin admin, String topic, InstantSource clock, Duration clockAllowance) {
    this.admin = admin;
    this.topic = topic;
    this.clock = clock;
    this.clockAllowance = clockAllowance;
  }

  /** One of the two ends of each partition of the topic; a rebuild waits for the high ones. */
  public static Map<Integer, Long> of(
      Admin admin, TopicInfo topic, Function<EndOffsets, Long> which) {
    Map<Integer, Long> ends = new TreeMap<>();
    new Watermarks(admin, topic.name(), Timing.SYSTEM, Duration.ZERO)
        .ends(IntStream.range(0, topic.partitions()).boxed().toList())
        .forEach((partition, both) -> ends.put(partition, which.apply(both)));
    return ends;
  }

  /**
   * Both ends of each partition, in one round trip.
   *
   * @throws KafkaException if the broker does not answer within the admin client's time-out
   */
  public Map<Integer, EndOffsets> ends(Collection<Integer> partitions) {
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    partitions.forEach(p -> question.put(new TopicPartition(topic, p), OffsetSpec.latest()));
    long notBefore = clock.millis() - clockAllowance.toMillis();
    var stable = admin.listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
    var high = admin.listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
    Map<Integer, EndOffsets> ends = new HashMap<>();
    try {
      var stableEnds = stable.all().get();
      var highEnds = high.all().get();
      stableEnds.forEach(
          (partition, end) -> {
            long highEnd = Objects.requireNonNull(highEnds.get(partition)).offset();
            ends.put(
                partition.partition(),
                new EndOffsets(
                    end.offset(), Math.max(highEnd, end.offset()), end.leaderEpoch(), notBefore));
          });
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof AuthenticationException) {
        // As a consumer throws it: who asks tells it from what a moment's patience mends.
        throw (KafkaException) e.getCause();
      }
      Throwable cause = e.getCause();
      throw new KafkaException(
          "topic "
              + topic
              + ": its end offsets cannot be had: "
              + (cause == null ? e.getMessage() : cause.getMessage()),
          e);
    }
    return ends;
  }
}
