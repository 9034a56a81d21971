package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the records of rows from the table's topic, each with the number of what it holds. */
final class TableScan {
  /** Takes the records of rows, those of a key in their order. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes one record.
     *
     * @param key valid until it returns
     * @param content as {@link RecordDigester#contentOf}
     */
    void row(ConsumerRecord<ByteBuffer, ByteBuffer> record, ByteBuffer key, int content);
  }

  private TableScan() {}

  /** Reads the whole topic up to the reader's watermark. */
  static void read(TopicReader reader, RecordDigester records, Visitor visitor)
      throws InterruptedException {
    reader.read(
        StepProgress.Phase.READING_TOPIC,
        record -> {
          ByteBuffer key = record.key();
          if (key != null && records.isKeyOf(record.partition(), key)) {
            visitor.row(record, key, records.contentOf(key, record.value()));
          }
        });
  }

  /** Whether a key's carrier is the one that {@code prefix} is, with its colon. */
  static boolean beginsWith(ByteBuffer key, byte[] prefix) {
    return key.remaining() >= prefix.length
        && key.slice().limit(prefix.length).equals(ByteBuffer.wrap(prefix));
  }
}
