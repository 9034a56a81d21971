package io.zonecast.sink.verify;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.replay.Fold;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/** One partition of the {@link TopicTable}: its present fold, and the records that are in none. */
final class TablePartition {
  private final int partition;
  private final int partitions;
  private final long maxFoldBytes;
  private long end;
  private long floor;
  private Fold fold;
  private final Set<String> unreadable = new HashSet<>();
  private long unplaced;
  private long misplaced;
  private String waiting = "";

  /**
   * @param partitions how many the topic has
   * @param end where to stop reading it
   */
  TablePartition(int partition, int partitions, long end, long maxFoldBytes) {
    this.partition = partition;
    this.partitions = partitions;
    this.end = end;
    this.maxFoldBytes = maxFoldBytes;
    this.fold = new Fold(maxFoldBytes, Fold.HASH_END);
  }

  boolean hasMore() {
    return floor < Fold.HASH_END;
  }

  void beginPass() {
    fold = new Fold(maxFoldBytes, floor);
  }

  void endPass() {
    floor = fold.hashCeiling();
  }

  void put(ConsumerRecord<ByteBuffer, ByteBuffer> record, EntryReader reader) {
    boolean firstPass = floor == 0;
    switch (reader.read(record)) {
      case ENTRY -> {
        fold.put(record.offset(), reader);
        if (firstPass && !unreadable.isEmpty()) {
          unreadable.remove(
              new String(reader.key(), reader.keyAt(), reader.keyLength(), StandardCharsets.UTF_8));
        }
      }
      case UNREADABLE -> {
        if (firstPass) {
          countUnreadable(record);
        }
      }
      // A sink stands here too: what it has applied ends at this offset.
      case WAIT -> stopAt(record.offset(), reader.reason());
    }
  }

  private void countUnreadable(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    byte[] key = record.key() == null ? new byte[0] : Utils.toArray(record.key());
    if (!ZoneKey.isValid(key, 0, key.length)) {
      unplaced++;
    } else if (!isHome(key)) {
      misplaced++;
    } else {
      unreadable.add(TopicTable.text(key));
    }
  }

  /** Whether records of this key belong here; one on another partition is no row. */
  boolean isHome(byte[] key) {
    return KeyPartition.of(key, partitions) == partition;
  }

  /** Ends the table here; what follows cannot be compared. */
  void stopAt(long offset, String why) {
    end = offset;
    waiting = "partition %d is compared up to offset %d: %s".formatted(partition, offset, why);
  }

  long end() {
    return end;
  }

  Fold fold() {
    return fold;
  }

  Set<String> unreadable() {
    return unreadable;
  }

  long unplaced() {
    return unplaced;
  }

  long misplaced() {
    return misplaced;
  }

  /** Why it is not read to its end; empty if it is. */
  String waiting() {
    return waiting;
  }
}
