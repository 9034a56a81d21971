package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.ReaderSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/** Reads the committed records of the topic from the beginning to a {@link Watermark}. */
final class TopicReader implements AutoCloseable {
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Watermark watermark;
  private final Patience patience;
  private final StepProgress progress;

  TopicReader(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Watermark watermark,
      Patience patience,
      StepProgress progress) {
    this.consumer = consumer;
    this.watermark = watermark;
    this.patience = patience;
    this.progress = progress;
  }

  /** Makes the consumer that a reader wants. */
  static Consumer<ByteBuffer, ByteBuffer> consumer(Map<String, Object> user) {
    return new KafkaConsumer<>(
        ReaderSettings.ofATable(user), new ByteBufferDeserializer(), new ByteBufferDeserializer());
  }

  /**
   * Reads everything below the watermark. Can be called again, and begins at the beginning.
   *
   * @throws org.apache.kafka.common.errors.InterruptException if the thread is interrupted
   */
  void read(
      StepProgress.Phase phase,
      RangeReading.Visitor<ByteBuffer, ByteBuffer, InterruptedException> visitor)
      throws InterruptedException {
    RangeReading.fromStart(consumer, watermark.partitions(), watermark::end)
        .toEnd(patience, visitor, (done, total) -> progress.at(phase, done, total));
  }

  @Override
  public void close() {
    // Nothing to hand in: no group, no commits.
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
