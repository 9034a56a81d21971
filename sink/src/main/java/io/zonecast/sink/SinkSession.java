package io.zonecast.sink;

import io.zonecast.monitor.RepeatedChecks;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.SinkEvents.ConsumerRole;
import io.zonecast.sink.checkpoint.TombstoneLife;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.node.NodeKeepers;
import io.zonecast.sink.node.PoolSettings;
import io.zonecast.sink.node.TopicAccess;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.PollLoop;
import io.zonecast.sink.poll.ReadableRowCheck;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.FoldMemory;
import io.zonecast.sink.replay.Replay;
import io.zonecast.sink.replay.Watermarks;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds and runs the parts of a sink for one topic id, until the topic is deleted or recreated.
 */
final class SinkSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SinkSession.class);

  /** Less than the shortest session time-out, 6 s, by a heartbeat. */
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(3_500);

  /**
   * What a checkpoint says in step may be 80 s old, since ends are asked for every 20 s and it is
   * written once a minute; a tenth of the time is left to clocks, and a restart takes some.
   */
  static final Duration LEAST_DELETE_RETENTION = Duration.ofMinutes(2);

  private static final long TOPIC_CHECK_MILLIS = 2_000;
  private static final long ENDS_CHECK_MILLIS = 20_000;

  private final TopicInfo topic;
  private final Admin admin;
  private final Watermarks watermarks;
  private final DeadLetters deadLetters;
  private final ReadableRowCheck firstRow;
  private final PollLoop pollLoop;
  private final Lease lease = new Lease(LONGEST_SLEEP, Timing.SYSTEM);
  private final Replay replay;
  private final NodeKeepers keepers;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final RepeatedChecks checks = new RepeatedChecks("zonecast-checks", this::fail);
  private volatile Map<Integer, EndOffsets> ends = Map.of();

  SinkSession(
      SinkSettings settings,
      TopicInfo topic,
      SinkClients clients,
      Admin admin,
      Supplier<RowDecoder> decoders,
      SinkEvents events,
      Timing timing) {
    requireDeleteRetention(topic);
    this.topic = topic;
    this.admin = admin;
    this.watermarks =
        new Watermarks(admin, topic.name(), timing, TombstoneLife.in(topic).clockAllowance());
    CacheLayout layout = settings.layout();
    this.deadLetters =
        new DeadLetters(
            topic,
            settings.group(),
            clients::reader,
            () -> {
              ZoneTopic.ensureDeadLetters(admin, topic.name());
              return clients.deadLetters();
            },
            events,
            timing);
    EntryReader liveReader = layout.reader(topic.partitions(), decoders.get());
    this.firstRow =
        new ReadableRowCheck(topic.name(), topic.partitions(), clients::reader, liveReader);
    Consumer<ByteBuffer, ByteBuffer> member = clients.member();
    events.opened(ConsumerRole.MEMBER, member);
    this.pollLoop =
        new PollLoop(
            topic.name(),
            member,
            firstRow,
            liveReader,
            deadLetters,
            layout.writtenWith(),
            events,
            timing);
    this.replay =
        new Replay(
            topic.name(),
            () -> {
              Consumer<ByteBuffer, ByteBuffer> reader = clients.reader();
              events.opened(ConsumerRole.REPLAY, reader);
              return reader;
            },
            layout.reader(topic.partitions(), decoders.get()),
            watermarks::ends,
            deadLetters,
            new FoldMemory(settings.maxFoldBytes()),
            this::fail,
            timing);
    this.keepers =
        new NodeKeepers(
            new PoolSettings(
                settings.nodes(),
                settings.claimant(topic),
                settings.ownerCheck(topic),
                settings.changeSettings(),
                settings.strictMemory(),
                settings.connections()),
            new TopicAccess(pollLoop, lease, replay, deadLetters, () -> ends),
            timing,
            new LoggedEvents(events),
            this::fail);
    keepers.listeners().forEach(pollLoop::addKeeper);
  }

  private static void requireDeleteRetention(TopicInfo topic) {
    if (topic.deleteRetention().compareTo(LEAST_DELETE_RETENTION) < 0) {
      throw new TopicUnfitException(
          ("topic %s: delete.retention.ms is %d, and a sink needs %d at least: with less it cannot"
                  + " know that a node has heard of every delete, and fills it again and again;"
                  + " alter it (kafka-configs.sh --bootstrap-server HOST:PORT --alter --topic %1$s"
                  + " --add-config delete.retention.ms=604800000)")
              .formatted(
                  topic.name(),
                  topic.deleteRetention().toMillis(),
                  LEAST_DELETE_RETENTION.toMillis()));
    }
  }

  /** Polls until {@link #stop}, or until the topic is another. */
  void run() {
    lease.start();
    replay.start();
    keepers.start();
    checks.repeat("topic", this::checkTopic, TOPIC_CHECK_MILLIS);
    checks.repeat("ends", this::askEnds, ENDS_CHECK_MILLIS);
    pollLoop.run();
    Throwable cause = failure.get();
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause != null) {
      throw new IllegalStateException(
          "topic " + topic.name() + ": a thread of the sink has ended: " + cause, cause);
    }
  }

  void stop() {
    pollLoop.close();
  }

  long lastTurnNanos() {
    return pollLoop.lastTurnNanos();
  }

  SinkStatus status() {
    Map<Integer, WaitNote> waiting = new HashMap<>(pollLoop.waiting());
    waiting.putAll(keepers.waiting());
    return new SinkStatus(pollLoop.hasJoined(), pollLoop.assigned(), keepers.statuses(), waiting);
  }

  @Override
  public void close() {
    checks.close();
    keepers.close();
    replay.close();
    lease.close();
    firstRow.close();
    deadLetters.close();
  }

  /** Ends the sink with a failure that no retry can repair. Thread-safe. */
  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    stop();
  }

  private void checkTopic() {
    try {
      TopicDescription now;
      try {
        now =
            BrokerAnswers.await(
                BrokerAnswers.of(
                    admin.describeTopics(List.of(topic.name())).topicNameValues(), topic.name()));
      } catch (UnknownTopicOrPartitionException e) {
        stop();
        return;
      }
      if (!now.topicId().equals(topic.topicId())) {
        LOG.warn(
            "topic={} was made anew: its id was {} and is {}",
            topic.name(),
            topic.topicId(),
            now.topicId());
        stop();
      } else if (now.partitions().size() != topic.partitions()) {
        // Keys have moved to other partitions; the check at the start says so, and what helps.
        ZoneTopic.find(admin, topic.name(), topic.partitions());
      } else {
        checkDeleteRetention();
      }
    } catch (TopicUnfitException e) {
      fail(e);
    } catch (KafkaException e) {
      LOG.debug("topic={} cannot be checked", topic.name(), e);
    }
  }

  /** Tombstones that live for another time than was known make other checkpoints too old. */
  private void checkDeleteRetention() {
    Duration now = ZoneTopic.deleteRetention(admin, topic.name());
    if (!now.equals(topic.deleteRetention())) {
      LOG.warn(
          "topic={} delete.retention.ms was {} and is {}: beginning again with that",
          topic.name(),
          topic.deleteRetention().toMillis(),
          now.toMillis());
      stop();
    }
  }

  private void askEnds() {
    try {
      ends = watermarks.ends(pollLoop.assigned());
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException e) {
      LOG.debug("topic={} its ends cannot be asked for", topic.name(), e);
    }
  }
}
