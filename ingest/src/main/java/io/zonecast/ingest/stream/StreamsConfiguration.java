package io.zonecast.ingest.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What Streams is configured with: our defaults, what was told over them, what must be above. */
final class StreamsConfiguration {
  /**
   * How long updates are gathered into one transaction. Readers see nothing of it before its end:
   * half of this time, on average, is a part of each update's delay. docs/decisions/0017 has what
   * shorter and longer ones cost.
   */
  static final int COMMIT_INTERVAL_MS = 20;

  /**
   * How long Streams waits for the next record before it looks at its clock: when updates pause,
   * the last ones are committed this much after their interval.
   */
  private static final int POLL_MS = 5;

  /** The least that brokers allow: how long the partitions of a member that died wait. */
  private static final int SESSION_TIMEOUT_MS = 6_000;

  /** There is no global store; but unset, Streams warns at each start of a default to come. */
  private static final String GLOBAL_HANDLER = "processing.exception.handler.global.enabled";

  private StreamsConfiguration() {}

  static Map<String, Object> of(StreamSettings settings, String instance) {
    Map<String, Object> all = new HashMap<>(defaults(settings));
    settings
        .kafka()
        .consumer()
        .forEach((key, value) -> all.put(StreamsConfig.consumerPrefix(key), value));
    settings
        .kafka()
        .producer()
        .forEach((key, value) -> all.put(StreamsConfig.producerPrefix(key), value));
    settings
        .kafka()
        .admin()
        .forEach((key, value) -> all.put(StreamsConfig.adminClientPrefix(key), value));
    all.putAll(settings.kafka().streams());
    all.putAll(required(settings, instance));
    // From a file it is text, and Streams looks at it before it has been parsed.
    all.replaceAll(
        (key, value) ->
            key.endsWith(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG)
                ? Boolean.valueOf(value.toString())
                : value);
    return all;
  }

  private static Map<String, Object> defaults(StreamSettings settings) {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
    defaults.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
    // An update is not held up because the table has more to be read.
    defaults.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    defaults.put(GLOBAL_HANDLER, true);
    defaults.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    defaults.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
    defaults.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        SESSION_TIMEOUT_MS / 3);
    // Sent at the commit at the latest; sooner, so that our own records are known before.
    defaults.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 2);
    defaults.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    defaults.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    return defaults;
  }

  private static Map<String, Object> required(StreamSettings settings, String instance) {
    Map<String, Object> required = new HashMap<>();
    required.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.group());
    required.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // The newer protocol's shortest session is 45 s.
    required.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    required.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
    required.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    required.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, TableMemory.class);
    required.put(TableMemory.BYTES, settings.tableMemoryBytes());
    return required;
  }
}
