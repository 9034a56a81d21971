package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.schemas.topic.Patience;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/** As many readers of a topic as threads help, each with its share of the partitions. */
final class TopicReaders implements AutoCloseable {
  /** More of them have the brokers to wait for, and each has its buffers. */
  private static final int MOST = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final List<TopicReader> readers = new ArrayList<>();

  TopicReaders(
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Watermark watermark,
      Patience patience,
      StepProgress progress) {
    List<Watermark> shares = watermark.shares(MOST);
    JointProgress joint = new JointProgress(progress, shares.size());
    for (int i = 0; i < shares.size(); i++) {
      readers.add(new TopicReader(consumers.get(), shares.get(i), patience, joint.share(i)));
    }
  }

  List<TopicReader> all() {
    return List.copyOf(readers);
  }

  @Override
  public void close() {
    readers.forEach(TopicReader::close);
  }
}
