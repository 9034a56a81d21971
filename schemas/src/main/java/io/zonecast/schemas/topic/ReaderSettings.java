package io.zonecast.schemas.topic;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;

/** The settings of a consumer that belongs to no group and commits nothing. */
public final class ReaderSettings {
  private ReaderSettings() {}

  /** What a user set, and over it what a reader depends on. */
  public static Map<String, Object> of(Map<String, Object> user, IsolationLevel isolation) {
    Map<String, Object> settings = new HashMap<>(user);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    return settings;
  }

  /** The same for committed records of a whole table, with defaults below what a user set. */
  public static Map<String, Object> ofATable(Map<String, Object> user) {
    Map<String, Object> settings = new HashMap<>();
    // A table is read in few large answers; Kafka's defaults are made for a trickle.
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
    // What is asked for is there, or lies beyond the end: a fetch that waits at one partition's
    // end would keep the others' from being sent.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
    // So that brokers can send on while what has come is being worked on.
    settings.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 512 << 10);
    settings.putAll(user);
    return of(settings, IsolationLevel.READ_COMMITTED);
  }
}
