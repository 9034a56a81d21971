package io.zonecast.sink.lag;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.publishes.LastPublish;
import io.zonecast.schemas.publishes.PublishEntry;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the last publish, and measures after how long every node has one that comes meanwhile:
 * from the time of its commit, by the brokers' clock, until each node's checkpoints have passed
 * what the topic held when the publish was seen. For one thread, which runs it again and again; the
 * answers are for any thread.
 */
public final class PublishWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PublishWatch.class);

  /** Until there is a publish, and where it may not be known, the brokers are asked less often. */
  private static final Duration WITHOUT_A_PUBLISH = Duration.ofSeconds(1);

  private static final Duration WHILE_UNKNOWN = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Supplier<LagProbe> probes;
  private final Clock clock;
  private Instant due = Instant.EPOCH;
  private long end = -1;
  private @Nullable Awaited awaited;
  private volatile Seen seen = new Seen(LastPublish.UNKNOWN, null);

  /**
   * What is known.
   *
   * @param arrival how long after its commit every node had the publish; null if that is unknown,
   *     or not every node has it yet
   */
  public record Seen(LastPublish last, @Nullable Duration arrival) {}

  /** A publish that not every node has. */
  private record Awaited(Instant committed, Uuid topicId, Map<Integer, Long> ends) {}

  /**
   * @param probes connects to brokers and nodes when it is first asked
   */
  public PublishWatch(Supplier<LagProbe> probes, Clock clock) {
    this.probes = probes;
    this.clock = clock;
  }

  /** What was seen last. */
  public Seen seen() {
    return seen;
  }

  /** Looks once, if it is time to. */
  @Override
  public void run() {
    Instant now = clock.instant();
    if (now.isBefore(due)) {
      return;
    }
    try {
      LagProbe probe = probes.get();
      lookForPublish(probe, now);
      lookForArrival(probe);
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException | SettingsDifferException e) {
      LOG.debug("the last publish cannot be looked for", e);
      due = now.plus(WITHOUT_A_PUBLISH);
      if (e instanceof AuthorizationException || e instanceof UnknownTopicOrPartitionException) {
        forget();
      }
    }
  }

  private void forget() {
    seen = new Seen(LastPublish.UNKNOWN, null);
    awaited = null;
  }

  private void lookForPublish(LagProbe probe, Instant now) {
    LastPublish before = seen.last();
    PublishEntry known = before.entry();
    if (known != null) {
      long nowEnds = ask(probe, OffsetSpec.latest()).offset();
      if (nowEnds == end) {
        return;
      }
      end = nowEnds;
    }
    LastPublish last = LastPublish.find(probe.admin(), probe.consumers(), probe.topic());
    PublishEntry entry = last.entry();
    if (entry == null) {
      due = now.plus(last.state() == LastPublish.State.NONE ? WITHOUT_A_PUBLISH : WHILE_UNKNOWN);
      awaited = null;
    } else if (known == null || !entry.id().equals(known.id())) {
      // One that was there at the first look may have come long before.
      awaited = before.state() == LastPublish.State.UNKNOWN ? null : awaited(probe, entry);
    } else {
      return;
    }
    seen = new Seen(last, null);
  }

  private static Awaited awaited(LagProbe probe, PublishEntry entry) {
    // The newest record of the log is the one that committed the publish.
    Instant committed = Instant.ofEpochMilli(ask(probe, OffsetSpec.maxTimestamp()).timestamp());
    Map<Integer, Long> ends = new HashMap<>();
    BrokerAnswers.await(
            TopicEnds.high(
                probe.admin(),
                TopicEnds.partitions(probe.topic(), entry.summary().getPartitions())))
        .forEach((partition, high) -> ends.put(partition.partition(), high));
    return new Awaited(committed, Uuid.fromString(entry.summary().getTopicId()), ends);
  }

  private static ListOffsetsResultInfo ask(LagProbe probe, OffsetSpec which) {
    TopicPartition log = new TopicPartition(ZoneTopic.publishesOf(probe.topic()), 0);
    return BrokerAnswers.await(
        probe
            .admin()
            .listOffsets(Map.of(log, which), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .partitionResult(log));
  }

  private void lookForArrival(LagProbe probe) {
    Awaited publish = awaited;
    if (publish == null) {
      return;
    }
    List<NodeLag> nodes = probe.nodes().against(publish.ends(), publish.topicId(), clock.instant());
    Instant now = clock.instant();
    Duration since = ElapsedTime.between(publish.committed(), now);
    if (nodes.stream().allMatch(NodeLag::hasAll)) {
      seen = new Seen(seen.last(), since);
      awaited = null;
    } else {
      // A node may be away for hours; the figure stays good to a twentieth.
      Duration pause = since.dividedBy(20);
      due = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }
  }
}
