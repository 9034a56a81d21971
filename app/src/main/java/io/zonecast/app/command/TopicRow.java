package io.zonecast.app.command;

import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a key's partition says of its row: the last committed record of the key.
 *
 * @param time when the broker wrote the record
 * @param row null if the record is a tombstone
 * @param headers of the record; they say who wrote it
 */
record TopicRow(int partition, long offset, Instant time, @Nullable ZoneRow row, Headers headers) {

  /**
   * Reads the key's one partition from its beginning.
   *
   * @param consumer of committed records, of no group
   * @return empty if the partition has no record of the key
   */
  static Optional<TopicRow> find(
      Consumer<byte[], byte[]> consumer,
      RowDecoder rows,
      TopicInfo topic,
      ZoneKey zoneKey,
      ProgressDisplay progress) {
    byte[] key = zoneKey.toString().getBytes(StandardCharsets.UTF_8);
    TopicPartition partition =
        new TopicPartition(topic.name(), KeyPartition.of(key, topic.partitions()));
    Last last = new Last(key);
    RangeReading.ofAll(consumer, List.of(partition))
        .toEnd(
            Patience.ofAMinute(System::nanoTime, (behind, again) -> false),
            last::visit,
            (done, total) -> {
              progress.expect(total);
              progress.reach(done);
            });
    return Optional.ofNullable(last.record).map(record -> of(record, rows));
  }

  private static TopicRow of(ConsumerRecord<byte[], byte[]> record, RowDecoder rows) {
    RowFields fields = new RowFields();
    if (record.value() != null) {
      rows.decode(ByteBuffer.wrap(record.value()), fields);
    }
    return new TopicRow(
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        record.value() == null ? null : fields.toZoneRow(),
        record.headers());
  }

  @Nullable String zone() {
    return row == null ? null : row.getZone();
  }

  private static final class Last {
    private final byte[] key;
    private @Nullable ConsumerRecord<byte[], byte[]> record;

    Last(byte[] key) {
      this.key = key;
    }

    void visit(ConsumerRecord<byte[], byte[]> each) {
      if (Arrays.equals(each.key(), key)) {
        record = each;
      }
    }
  }
}
