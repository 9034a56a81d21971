package io.zonecast.ingest.stream;

import io.zonecast.schemas.wire.UpdateDecoder;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** First step: what keeps the rules goes on, what does not is rejected. */
final class ValidateUpdates extends ContextualProcessor<byte[], byte[], byte[], UpdateVerdict> {
  private final int partitions;
  private final Uuid topicId;
  private final Supplier<UpdateDecoder> decoders;
  private final StreamCounts counts;
  private @Nullable UpdateRules rules;

  /**
   * @param topicId the topic of updates'
   */
  ValidateUpdates(
      int partitions, Uuid topicId, Supplier<UpdateDecoder> decoders, StreamCounts counts) {
    this.partitions = partitions;
    this.topicId = topicId;
    this.decoders = decoders;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<byte[], UpdateVerdict> context) {
    super.init(context);
    rules = new UpdateRules(partitions, topicId, decoders.get());
  }

  @Override
  public void process(Record<byte[], byte[]> update) {
    if (rules == null) {
      throw new IllegalStateException("process before init");
    }
    RecordMetadata from = RecordLocation.of(context());
    counts.read();
    UpdateVerdict judgement =
        rules.judge(update.key(), update.value(), from.partition(), from.offset());
    context()
        .forward(
            update.withValue(judgement),
            judgement instanceof RejectedUpdate
                ? UpdateTopology.REJECT
                : UpdateTopology.REJECT_OVERTAKEN);
  }
}
