package io.zonecast.ingest.stream;

import static java.util.Objects.requireNonNull;

import io.zonecast.schemas.NewTopicRule;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream of updates goes by.
 *
 * @param topic the table's name; the other topics' names follow from it
 * @param partitions how many the table has, or is made with
 * @param group the name of the application: its members share the partitions
 * @param instance what tells this member from the others, also after a restart; empty: a name that
 *     is kept in the state directory
 * @param rejectStale whether an update is rejected that was asked for before one that was accepted
 * @param tableMemoryBytes what the copies of the table may take of memory, all together
 * @param newTopic asked before the table's topic is made
 */
public record StreamSettings(
    Kafka kafka,
    String topic,
    int partitions,
    String group,
    Optional<String> instance,
    boolean rejectStale,
    long tableMemoryBytes,
    NewTopicRule newTopic) {
  /** Of the copies of the table: enough for the busy part of a million rows. */
  public static final long DEFAULT_TABLE_MEMORY_BYTES = 64L << 20;

  private static final String STATE_DIR = "state.dir";
  private static final String GROUP_SUFFIX = "-stream";

  /**
   * Plain properties of Kafka's, for each kind of client.
   *
   * @param streams those of Streams itself, over our defaults
   */
  public record Kafka(
      Map<String, Object> admin,
      Map<String, Object> consumer,
      Map<String, Object> producer,
      Map<String, Object> streams) {
    public Kafka {
      admin = Map.copyOf(admin);
      consumer = Map.copyOf(consumer);
      producer = Map.copyOf(producer);
      streams = Map.copyOf(streams);
    }

    public Kafka withStreams(Map<String, Object> other) {
      return new Kafka(admin, consumer, producer, other);
    }
  }

  public StreamSettings {
    requireNonNull(topic, "topic");
    requireNonNull(group, "group");
    requireNonNull(instance, "instance");
  }

  /** Everything by default. */
  public static StreamSettings of(Map<String, Object> common, String topic, int partitions) {
    return new StreamSettings(
        new Kafka(common, common, common, common),
        topic,
        partitions,
        groupOf(topic),
        Optional.empty(),
        false,
        DEFAULT_TABLE_MEMORY_BYTES,
        NewTopicRule.ANY);
  }

  /** The same with other properties of the clients. */
  public StreamSettings with(Kafka other) {
    return new StreamSettings(
        other, topic, partitions, group, instance, rejectStale, tableMemoryBytes, newTopic);
  }

  /** The group of the streams of updates of {@code topic}, unless configured otherwise. */
  public static String groupOf(String topic) {
    return topic + GROUP_SUFFIX;
  }

  /** Where the copies of the table lie. */
  Path stateDirectory() {
    Object told = kafka.streams().get(STATE_DIR);
    return told == null
        ? Path.of(System.getProperty("java.io.tmpdir"), "zonecast-stream")
        : Path.of(told.toString());
  }

  /** Values may hold passwords, so that no client's are shown. */
  @Override
  public String toString() {
    return "StreamSettings(topic %s, group %s, instance %s, rejectStale %s)"
        .formatted(topic, group, instance.orElse("by state directory"), rejectStale);
  }
}
