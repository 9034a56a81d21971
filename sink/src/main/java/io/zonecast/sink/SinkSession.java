package io.zonecast.sink;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.SinkEvents.ConsumerRole;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.fill.EndOffsets;
import io.zonecast.sink.fill.Replay;
import io.zonecast.sink.fill.Watermarks;
import io.zonecast.sink.node.NodeKeepers;
import io.zonecast.sink.poll.FirstRow;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.PollLoop;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sink's life with one topic: put together here, and nowhere else. */
final class SinkSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SinkSession.class);

  /** Less than the shortest session time-out, 6 s, by a heartbeat. */
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(3_500);

  private static final long TOPIC_CHECK_MILLIS = 2_000;
  private static final long ENDS_CHECK_MILLIS = 20_000;

  private final TopicInfo topic;
  private final Admin admin;
  private final Watermarks watermarks;
  private final DeadLetters deadLetters;
  private final FirstRow firstRow;
  private final PollLoop pollLoop;
  private final Lease lease = new Lease(LONGEST_SLEEP, System::nanoTime);
  private final Replay replay;
  private final NodeKeepers keepers;
  private final LongAdder entries = new LongAdder();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "zonecast-checks");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Map<Integer, EndOffsets> ends = Map.of();

  SinkSession(
      SinkSettings settings,
      TopicInfo topic,
      SinkClients clients,
      Admin admin,
      Supplier<RowDecoder> decoders,
      SinkEvents events,
      Clock clock) {
    this.topic = topic;
    this.admin = admin;
    this.watermarks = new Watermarks(admin, topic.name(), clock);
    Placement placement = settings.placement().place(settings.nodes());
    Supplier<EntryReader> readers =
        () ->
            new EntryReader(
                topic.name(),
                topic.partitions(),
                settings.keyPrefix(),
                settings.valueFormat(),
                placement,
                decoders.get());
    var counted = new CountedEvents(events, entries);
    this.deadLetters =
        new DeadLetters(
            topic,
            settings.group(),
            clients::reader,
            () -> {
              ZoneTopic.ensureDeadLetters(admin, topic.name());
              return clients.deadLetters();
            },
            counted,
            System::nanoTime);
    EntryReader liveReader = readers.get();
    this.firstRow = new FirstRow(topic.name(), topic.partitions(), clients::reader, liveReader);
    Consumer<ByteBuffer, ByteBuffer> member = clients.member();
    events.opened(ConsumerRole.MEMBER, member);
    this.pollLoop =
        new PollLoop(
            topic.name(),
            member,
            firstRow,
            liveReader,
            deadLetters,
            settings.keyPrefix(),
            settings.clientFlags(),
            counted);
    this.replay =
        new Replay(
            topic.name(),
            () -> {
              Consumer<ByteBuffer, ByteBuffer> reader = clients.reader();
              events.opened(ConsumerRole.REPLAY, reader);
              return reader;
            },
            readers.get(),
            watermarks::ends,
            deadLetters,
            settings.maxFoldBytes(),
            NodeKeepers.clockAllowance(topic),
            this::fail);
    this.keepers =
        new NodeKeepers(
            settings.nodes(),
            OwnerChecks.claimant(settings, topic),
            OwnerChecks.of(settings, topic),
            settings.changeSettings(),
            settings.strictMemory(),
            settings.connections(),
            pollLoop,
            lease,
            replay,
            deadLetters,
            () -> ends,
            clock,
            counted,
            this::fail);
  }

  /** Polls until {@link #stop}, or until the topic is another. */
  void run() {
    lease.start();
    replay.start();
    keepers.start();
    repeat(this::checkTopic, TOPIC_CHECK_MILLIS);
    repeat(this::askEnds, ENDS_CHECK_MILLIS);
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
    Map<Integer, WaitNote> held = new HashMap<>(pollLoop.waiting());
    held.putAll(keepers.waiting());
    Map<Integer, String> waiting = new HashMap<>();
    held.forEach((partition, at) -> waiting.put(partition, at.toString()));
    return new SinkStatus(
        pollLoop.hasJoined(),
        pollLoop.assigned(),
        keepers.statuses(),
        waiting,
        entries.sum(),
        deadLetters.count());
  }

  @Override
  public void close() {
    checks.shutdownNow();
    keepers.close();
    replay.close();
    lease.close();
    firstRow.close();
    deadLetters.close();
  }

  /** Ends the sink with what no retry can mend. Thread-safe. */
  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    stop();
  }

  private void repeat(Runnable check, long everyMillis) {
    ScheduledFuture<?> next =
        checks.scheduleWithFixedDelay(check, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    LOG.trace("topic={} scheduled {}", topic.name(), next);
  }

  private void checkTopic() {
    try {
      TopicDescription now =
          admin.describeTopics(List.of(topic.name())).topicNameValues().values().stream()
              .findFirst()
              .orElseThrow()
              .get();
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
      }
    } catch (TopicUnfitException e) {
      fail(e);
    } catch (KafkaException e) {
      LOG.debug("topic={} cannot be checked", topic.name(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        stop();
      } else {
        LOG.debug("topic={} cannot be checked", topic.name(), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
