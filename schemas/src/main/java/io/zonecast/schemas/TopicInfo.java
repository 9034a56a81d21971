package io.zonecast.schemas;

import java.time.Duration;
import org.apache.kafka.common.Uuid;

/**
 * What was found of a topic that was checked.
 *
 * @param clusterId the Kafka cluster's, as its brokers give it
 * @param topicId the topic's id: a topic that is deleted and created again has another
 * @param deleteRetention for how long a tombstone is kept once compacted ({@code
 *     delete.retention.ms}); a reader away for longer misses deletes
 */
public record TopicInfo(
    String clusterId, String name, Uuid topicId, int partitions, Duration deleteRetention) {}
