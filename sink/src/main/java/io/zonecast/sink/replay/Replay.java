package io.zonecast.sink.replay;

import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.WaitingRecord;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions back, one at a time, for the nodes that ask, and gives them the folded result.
 * Nodes that ask for the same partition while it waits its turn share one reading.
 *
 * <p>{@code fill.FillPlan} decides whether a node is filled from the beginning or goes on. The end
 * of a range is taken after the request, and so after the node's claim and proof: every record that
 * the former owner applied lies below it.
 */
public final class Replay implements FillSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final String topic;
  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final EntryReader reader;
  private final Function<Collection<Integer>, Map<Integer, EndOffsets>> ends;
  private final DeadLetters deadLetters;
  private final FoldMemory memory;
  private final java.util.function.Consumer<Throwable> fatal;
  private final BlockingQueue<Collection<? extends FillTarget>> requests =
      new LinkedBlockingQueue<>();
  private final Timing timing;
  private Timing.@Nullable Worker running;

  /** By partition, the record that a fill met last and could not read. */
  private final Map<Integer, WaitingRecord> waitingRecords = new HashMap<>();

  private String saidFailure = "";
  private volatile boolean closed;

  /**
   * @param consumers opens a read_committed consumer of its own, in no group
   * @param ends asks the brokers where partitions end
   * @param fatal hears of the failure that ended the thread: no request is answered any more
   */
  public Replay(
      String topic,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      EntryReader reader,
      Function<Collection<Integer>, Map<Integer, EndOffsets>> ends,
      DeadLetters deadLetters,
      FoldMemory memory,
      java.util.function.Consumer<Throwable> fatal,
      Timing timing) {
    this.topic = topic;
    this.consumers = consumers;
    this.reader = reader;
    this.ends = ends;
    this.deadLetters = deadLetters;
    this.memory = memory;
    this.fatal = fatal;
    this.timing = timing;
  }

  public void start() {
    running = timing.start("zonecast-replay", this::run);
  }

  @Override
  public void request(Collection<? extends FillTarget> targets) {
    requests.add(List.copyOf(targets));
  }

  @Override
  public void close() {
    closed = true;
    if (running != null) {
      running.end();
    }
  }

  private void run() {
    try (Consumer<ByteBuffer, ByteBuffer> consumer = consumers.get()) {
      while (!closed) {
        Map<Integer, List<FillTarget>> next = nextRequests();
        if (!next.isEmpty()) {
          serve(consumer, next);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("replay stopped");
    } catch (RuntimeException | Error e) {
      // Such as no memory for a fold, or no consumer.
      if (!closed) {
        fatal.accept(e);
      }
    }
  }

  /** Waits for a request and takes all that have come, by partition in order of arrival. */
  private Map<Integer, List<FillTarget>> nextRequests() throws InterruptedException {
    List<Collection<? extends FillTarget>> waiting = new ArrayList<>();
    var first = timing.poll(requests, IDLE);
    if (first != null) {
      waiting.add(first);
      requests.drainTo(waiting);
    }
    Map<Integer, List<FillTarget>> byPartition = new LinkedHashMap<>();
    for (Collection<? extends FillTarget> together : waiting) {
      for (FillTarget target : together) {
        byPartition.computeIfAbsent(target.partition(), p -> new ArrayList<>()).add(target);
      }
    }
    return byPartition;
  }

  private void serve(
      Consumer<ByteBuffer, ByteBuffer> consumer, Map<Integer, List<FillTarget>> byPartition)
      throws InterruptedException {
    Map<Integer, EndOffsets> endsNow;
    try {
      endsNow = ends.apply(byPartition.keySet());
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      byPartition.values().forEach(targets -> targets.forEach(target -> target.failed(e)));
      return;
    }
    for (var entry : byPartition.entrySet()) {
      int partition = entry.getKey();
      List<FillTarget> targets = entry.getValue();
      try {
        EndOffsets its = Objects.requireNonNull(endsNow.get(partition));
        replay(consumer, new TopicPartition(topic, partition), its, targets);
        saidFailure = "";
      } catch (InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        String failure = "partition=" + partition + " replay failed: " + e.getMessage();
        if (!failure.equals(saidFailure)) {
          // Nodes ask again every few seconds.
          saidFailure = failure;
          LOG.warn("{}", failure);
        }
        targets.forEach(target -> target.failed(e));
      } catch (RuntimeException e) {
        // A thread that ended here would leave every later fill waiting for ever.
        LOG.error("partition={} replay failed", partition, e);
        targets.forEach(target -> target.failed(e));
      }
    }
  }

  private void replay(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      TopicPartition partition,
      EndOffsets ends,
      List<FillTarget> asking)
      throws InterruptedException {
    List<FillTarget> targets = new ArrayList<>();
    for (FillTarget target : asking) {
      long same = endOfTheSame(consumer, partition, ends, target.followed());
      if (same < target.followed().nextOffset()) {
        target.ofAnotherLog(same);
      } else {
        targets.add(target);
      }
    }
    long from = targets.stream().mapToLong(FillTarget::fromOffset).min().orElse(0);
    var range = new Range(partition, from, Math.max(from, ends.stable()));
    stillWaiting(partition.partition()).ifPresent(range::endAt);
    List<FillTarget> beyond = range.dismissThoseThatWait(targets);
    long hashFloor = 0;
    while (hashFloor < Fold.HASH_END && targets.stream().anyMatch(FillTarget::isWaiting)) {
      try (FoldMemory.PartMemory room = memory.acquire(targets)) {
        Fold fold = room.newFold(hashFloor);
        range.readInto(fold, consumer, targets);
        beyond.addAll(range.dismissThoseThatWait(targets));
        if (targets.isEmpty()) {
          break;
        }
        hashFloor = fold.hashCeiling();
        var end =
            new PartitionPosition(
                range.end,
                ends.earliestWriteAfter(range.end, range.lastTimestampMillis),
                ends.leaderEpoch());
        room.deliver(fold, end, hashFloor == Fold.HASH_END, range.waitsAt, targets);
      }
    }
    if (!beyond.isEmpty()) {
      replay(consumer, partition, ends, beyond);
    }
  }

  /** The record at which the last reading ended, if it still cannot be read. */
  private Optional<WaitingRecord> stillWaiting(int partition) {
    WaitingRecord before = waitingRecords.get(partition);
    if (before == null) {
      return Optional.empty();
    }
    Optional<WaitingRecord> now = before.askAgain(reader);
    now.ifPresent(record -> remember(partition, record));
    return now;
  }

  private void remember(int partition, WaitingRecord record) {
    WaitingRecord before = waitingRecords.put(partition, record);
    if (before == null || !before.note().equals(record.note())) {
      WaitNote note = record.note();
      LOG.warn("partition={} offset={} a fill waits: {}", partition, note.offset(), note.reason());
    }
  }

  /**
   * The offset up to which the log is the one that a node has followed: by its end, or by its
   * history of leaders, which the consumer compares when it seeks to a position with an epoch.
   */
  private static long endOfTheSame(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      TopicPartition partition,
      EndOffsets ends,
      PartitionPosition followed) {
    if (followed.nextOffset() > ends.high() || followed.leaderEpoch() < 0) {
      return ends.high();
    }
    consumer.assign(List.of(partition));
    // A consumer compares only when it knows the leader: this makes it ask.
    consumer.endOffsets(List.of(partition));
    consumer.seek(partition, followed.position());
    return consumer.position(partition);
  }

  /** The offsets to fold; a record that cannot be read yet moves the end down. */
  private final class Range {
    private final TopicPartition partition;
    private final long from;
    private long end;
    private long lastTimestampMillis;
    private @Nullable WaitNote waitsAt;

    Range(TopicPartition partition, long from, long end) {
      this.partition = partition;
      this.from = from;
      this.end = end;
    }

    /** Moves the end to a record that cannot be read yet, if it lies within. */
    void endAt(WaitingRecord record) {
      if (record.note().offset() >= from && record.note().offset() < end) {
        end = record.note().offset();
        waitsAt = record.note();
      }
    }

    /**
     * Keeps only the targets that get records below the one that ends the range. Returns those that
     * begin behind it, and tells the others that they wait.
     */
    List<FillTarget> dismissThoseThatWait(List<FillTarget> targets) {
      WaitNote at = waitsAt;
      if (at == null) {
        return new ArrayList<>();
      }
      List<FillTarget> beyond =
          targets.stream().filter(target -> target.fromOffset() > at.offset()).toList();
      targets.removeAll(beyond);
      List<FillTarget> waiting =
          targets.stream().filter(target -> isOfNoUse(target, at.offset())).toList();
      targets.removeAll(waiting);
      waiting.forEach(target -> target.waits(at));
      return new ArrayList<>(beyond);
    }

    /** Whether a fill that ends there gives the target nothing, or overwrites newer values. */
    private boolean isOfNoUse(FillTarget target, long upTo) {
      return target.fromOffset() == upTo
          || target.followed().nextOffset() > upTo
          || target.isWholeOrNothing();
    }

    void readInto(Fold fold, Consumer<ByteBuffer, ByteBuffer> consumer, List<FillTarget> targets) {
      if (from >= end) {
        return;
      }
      var reading = new RangeReading<>(consumer, Map.of(partition, from), each -> end);
      while (!reading.isDone() && targets.stream().anyMatch(FillTarget::isWaiting)) {
        reading.poll(POLL, record -> put(fold, record));
        deadLetters.awaitRoom(partition.partition());
        long position = reading.position(partition);
        double read = end <= from ? 1 : (double) (Math.min(position, end) - from) / (end - from);
        double share = fold.shareRead(read);
        targets.forEach(target -> target.reading(share));
      }
      WaitingRecord before = waitingRecords.get(partition.partition());
      long position = reading.position(partition);
      if (before != null && position > before.note().offset() && waitsAt == null) {
        waitingRecords.remove(partition.partition());
        LOG.info("partition={} offset={} waits no more", partition.partition(), position);
      }
    }

    private void put(Fold fold, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
      switch (reader.read(record)) {
        case ENTRY -> fold.put(record.offset(), reader);
        case UNREADABLE -> {
          deadLetters.send(record, reader.reason());
          if (reader.keyLength() > 0) {
            fold.putUnreadable(
                record.offset(), reader.node(), reader.key(), reader.keyAt(), reader.keyLength());
          }
        }
        case WAIT -> {
          var unread = new WaitingRecord(record, reader.reason());
          remember(partition.partition(), unread);
          endAt(unread);
        }
      }
      lastTimestampMillis = Math.max(lastTimestampMillis, record.timestamp());
    }
  }
}
