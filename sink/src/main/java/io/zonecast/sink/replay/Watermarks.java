package io.zonecast.sink.replay;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Asks the brokers where a topic's partitions end. Thread-safe.
 *
 * @param clockAllowance how far the broker's clock may be behind ours
 */
public record Watermarks(Admin admin, String topic, InstantSource clock, Duration clockAllowance) {

  /** Asks for one of the two ends of each partition of the topic. */
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
    long notBefore = clock.millis() - clockAllowance.toMillis();
    Map<Integer, EndOffsets> ends = new HashMap<>();
    try {
      TopicEnds.of(admin, partitions.stream().map(p -> new TopicPartition(topic, p)).toList())
          .forEach(
              (partition, both) ->
                  ends.put(
                      partition.partition(),
                      new EndOffsets(both.stable(), both.high(), both.leaderEpoch(), notBefore)));
    } catch (InterruptException | AuthorizationException | AuthenticationException e) {
      // Unchanged, as a consumer throws them: the caller retries only other failures.
      throw e;
    } catch (KafkaException e) {
      throw new KafkaException(
          "topic " + topic + ": its end offsets cannot be had: " + e.getMessage(), e);
    }
    return ends;
  }
}
