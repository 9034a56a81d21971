package io.zonecast.sink.poll;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.WaitingRecord;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each node its share of a poll, as one set-many, and what cannot be an entry to the dead
 * letters. For the polling thread.
 */
final class LiveSender {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSender.class);

  /**
   * Live entries in flight to one node before the consumer pauses: 32 polls, so that distance does
   * not show.
   */
  private static final int MAX_IN_FLIGHT_ENTRIES = 160_000;

  private static final long RETRY_AFTER_NANOS = Duration.ofSeconds(1).toNanos();

  private final AssignedPartitions feeds;
  private final EntryReader reader;
  private final DeadLetters deadLetters;
  private final WrittenWith writtenWith;
  private final DelayListener delays;
  private final Timing timing;
  private final Map<NodeConnection, LiveBatch.Pool> pools = new HashMap<>();

  LiveSender(
      AssignedPartitions feeds,
      EntryReader reader,
      DeadLetters deadLetters,
      WrittenWith writtenWith,
      DelayListener delays,
      Timing timing) {
    this.feeds = feeds;
    this.reader = reader;
    this.deadLetters = deadLetters;
    this.writtenWith = writtenWith;
    this.delays = delays;
    this.timing = timing;
  }

  /** Whether some node has as much in flight as it may. */
  boolean isFull() {
    pools.keySet().removeIf(connection -> !connection.isOpen());
    return pools.values().stream().anyMatch(pool -> pool.inFlightEntries() > MAX_IN_FLIGHT_ENTRIES);
  }

  void distribute(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
    if (!records.isEmpty()) {
      delays.polled(records.count());
    }
    Map<NodeConnection, LiveBatch> outgoing = new LinkedHashMap<>();
    for (var next : records.nextOffsets().entrySet()) {
      int partition = next.getKey().partition();
      AssignedPartition feed = feeds.get(partition);
      if (feed == null || feed.lanes().isEmpty()) {
        continue;
      }
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> its = records.records(next.getKey());
      long from = its.isEmpty() ? next.getValue().offset() : its.get(0).offset();
      if (from < feed.position()) {
        // No one here has moved it back: brokers have lost what lay behind.
        LOG.warn("partition={} was cut off at {}, before {}", partition, from, feed.position());
        feed.cutOffAt(from);
      } else {
        // A lane goes on under a later leader only where it was. If the poll began elsewhere (the
        // consumer had stepped back, or found nothing at its position), the log may have been cut
        // off below what the lane has: its next fill asks the brokers.
        boolean goesOn = !its.isEmpty() && from == feed.position();
        int leader = next.getValue().leaderEpoch().orElse(PartitionPosition.NO_EPOCH);
        feed.lanes().stream()
            .filter(lane -> !goesOn || lane.sentNextOffset() != from)
            .filter(lane -> lane.wasSentBefore(leader))
            .forEach(LiveLane::refused);
      }
      read(partition, feed, its, next.getValue(), outgoing);
    }
    outgoing.values().forEach(LiveBatch::send);
  }

  private void read(
      int partition,
      AssignedPartition feed,
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
      OffsetAndMetadata next,
      Map<NodeConnection, LiveBatch> outgoing) {
    long nextOffset = next.offset();
    long lastTimestampMillis = 0;
    for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
      EntryReader.Reading reading = reader.read(record);
      if (reading == EntryReader.Reading.WAIT) {
        hold(partition, feed, new WaitingRecord(record, reader.reason()));
        nextOffset = record.offset();
        break;
      }
      lastTimestampMillis = record.timestamp();
      if (reading == EntryReader.Reading.UNREADABLE) {
        // No lane's checkpoint passes it before its letter is written.
        deadLetters.send(record, reader.reason());
        continue;
      }
      LiveLane lane = feed.laneOf(reader.node());
      if (lane != null && record.offset() >= lane.sentNextOffset()) {
        add(outgoingTo(lane, outgoing), record.timestamp());
      }
    }
    advance(
        feed, new PartitionPosition(nextOffset, lastTimestampMillis, next.leaderEpoch()), outgoing);
  }

  private void advance(
      AssignedPartition feed, PartitionPosition reached, Map<NodeConnection, LiveBatch> outgoing) {
    feed.advanceTo(reached.nextOffset());
    for (LiveLane lane : feed.lanes()) {
      if (reached.nextOffset() > lane.sentNextOffset()) {
        outgoingTo(lane, outgoing).reaches(lane, reached);
      }
    }
  }

  private void hold(int partition, AssignedPartition feed, WaitingRecord record) {
    WaitNote note = record.note();
    AssignedPartition.Wait before = feed.waiting();
    if (before == null || !before.record().note().equals(note)) {
      LOG.warn("partition={} offset={} waits: {}", partition, note.offset(), note.reason());
    }
    feed.waitFor(new AssignedPartition.Wait(record, timing.nanoTime() + RETRY_AFTER_NANOS));
  }

  /** Asks again whether the record that the partition waits at can be read; if not, it waits on. */
  boolean waitsOn(int partition, AssignedPartition feed, AssignedPartition.Wait wait) {
    Optional<WaitingRecord> again = wait.record().askAgain(reader);
    again.ifPresent(still -> hold(partition, feed, still));
    return again.isPresent();
  }

  private void add(LiveBatch outgoing, long timestampMillis) {
    if (reader.isTombstone()) {
      outgoing.batch().delete(reader.key(), reader.keyAt(), reader.keyLength());
    } else {
      outgoing
          .batch()
          .set(
              reader.key(),
              reader.keyAt(),
              reader.keyLength(),
              reader.value(),
              0,
              reader.valueLength());
    }
    outgoing.carries(timestampMillis);
  }

  private LiveBatch outgoingTo(LiveLane lane, Map<NodeConnection, LiveBatch> outgoing) {
    return outgoing.computeIfAbsent(
        lane.connection(),
        connection ->
            pools
                .computeIfAbsent(
                    connection,
                    c ->
                        new LiveBatch.Pool(
                            c, writtenWith.keyPrefix(), writtenWith.clientFlags(), delays))
                .take());
  }
}
