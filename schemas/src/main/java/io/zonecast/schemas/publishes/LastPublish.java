package io.zonecast.schemas.publishes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.AvroDeserializer;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The newest publish of a table that its log has.
 *
 * @param entry null unless the state is {@link State#KNOWN}
 */
public record LastPublish(State state, @Nullable PublishEntry entry) {
  /** Nobody has looked, this user may not, or the brokers do not answer. */
  public static final LastPublish UNKNOWN = new LastPublish(State.UNKNOWN, null);

  private static final LastPublish NONE = new LastPublish(State.NONE, null);
  private static final Duration GIVING_UP = Duration.ofSeconds(10);

  /** How many offsets are read first, from the end; then eight times as many before them. */
  private static final long FIRST_SPAN = 16;

  /** What is known. */
  public enum State {
    KNOWN,
    /** There is no log, or it has no publish to this topic. */
    NONE,
    UNKNOWN
  }

  /**
   * Looks at the log. Throws nothing but {@link InterruptException}, and asks for the right to read
   * before it reads, so that Kafka's clients log nothing.
   *
   * @param consumers makes consumers without a group
   */
  public static LastPublish find(
      Admin admin, Function<IsolationLevel, Consumer<byte[], byte[]>> consumers, String table) {
    return find(admin, consumers, table, any -> true);
  }

  /**
   * As {@link #find(Admin, Function, String)}, the newest of some.
   *
   * @param which the publishes that are looked for, as by their id
   */
  public static LastPublish find(
      Admin admin,
      Function<IsolationLevel, Consumer<byte[], byte[]>> consumers,
      String table,
      Predicate<PublishSummary> which) {
    String log = ZoneTopic.publishesOf(table);
    try {
      var described =
          admin
              .describeTopics(
                  List.of(table, log),
                  new DescribeTopicsOptions().includeAuthorizedOperations(true))
              .topicNameValues();
      Set<AclOperation> allowed =
          BrokerAnswers.await(BrokerAnswers.of(described, log)).authorizedOperations();
      if (allowed != null && !allowed.contains(AclOperation.READ)) {
        return UNKNOWN;
      }
      String topicId = BrokerAnswers.await(BrokerAnswers.of(described, table)).topicId().toString();
      try (Consumer<byte[], byte[]> records = consumers.apply(IsolationLevel.READ_COMMITTED)) {
        PublishEntry newest = newest(records, log, which);
        return newest == null || !newest.summary().getTopicId().equals(topicId)
            ? NONE
            : new LastPublish(State.KNOWN, newest);
      }
    } catch (UnknownTopicOrPartitionException e) {
      return NONE;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      return UNKNOWN;
    }
  }

  /** Reads backwards: an entry's summary lies before the records of its changes. */
  private static @Nullable PublishEntry newest(
      Consumer<byte[], byte[]> records, String log, Predicate<PublishSummary> which) {
    AvroDeserializer decoder = AvroDeserializer.ofOurRecords();
    TopicPartition partition = new TopicPartition(log, 0);
    long end = BrokerAnswers.of(TopicEnds.of(records, List.of(partition)), partition);
    long start = BrokerAnswers.of(records.beginningOffsets(List.of(partition)), partition);
    AtomicReference<@Nullable PublishEntry> newest = new AtomicReference<>();
    for (long span = FIRST_SPAN; newest.get() == null && end > start; span *= 8) {
      long until = end;
      end = Math.max(start, until - span);
      new RangeReading<>(records, Map.of(partition, end), any -> until)
          .toEnd(
              Patience.of(GIVING_UP, System::nanoTime),
              record -> {
                if (decoder.deserialize(log, record.value()) instanceof PublishSummary summary
                    && which.test(summary)) {
                  newest.set(PublishEntry.of(summary, record.headers()));
                }
              });
    }
    return newest.get();
  }

  /** One line: which publish it was, and what it did. */
  public String words() {
    return switch (state) {
      case NONE -> "no publish in the log";
      case UNKNOWN -> "unknown";
      case KNOWN -> entry == null ? "" : entry.line() + ": " + entry.countsAndNote();
    };
  }

  /** How many rows the table had after it; null if that is unknown. */
  public @Nullable Long rows() {
    return entry == null ? null : entry.rows();
  }

  /**
   * Adds it to the answer of {@code zonecast lag --json}, whose keys are a contract.
   *
   * @param arrival how long after its commit every node had it; null if that is unknown
   */
  public void addTo(ObjectNode document, @Nullable Duration arrival) {
    document.put("lastPublishState", state.name());
    document.put("lastPublishWords", words());
    if (entry == null) {
      document.putNull("lastPublish");
    } else {
      entry.json(document.putObject("lastPublish"));
    }
    document.put(
        "lastPublishArrivalSeconds",
        arrival == null ? null : Double.valueOf(arrival.toMillis() / 1e3));
    document.put("zones", rows());
  }
}
