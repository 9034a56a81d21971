package io.zonecast.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.utils.Utils;

/**
 * The partition that a key belongs on, as the Java producer's default partitioner has it. Every
 * producer of records with keys has its {@link #producerSettings}: a record on another partition
 * than the earlier ones of its key has no order with them, and no reader takes it.
 */
public final class KeyPartition {
  /** What a producer has to do that puts keys elsewhere; follows "have its" or "have their". */
  public static final String ADVICE =
      "producer partition as Java's does (librdkafka: partitioner=murmur2_random)";

  private KeyPartition() {}

  public static int of(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /** A producer's settings without those that would have it choose partitions in another way. */
  public static Map<String, Object> producerSettings(Map<String, Object> producer) {
    Map<String, Object> settings = new HashMap<>(producer);
    settings.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
    settings.remove(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
    return settings;
  }
}
