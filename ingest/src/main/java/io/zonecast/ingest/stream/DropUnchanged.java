package io.zonecast.ingest.stream;

import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Drops an update that changes nothing: its key has this zone and these flags already, or is not
 * there if it is a delete. As with a published file, a new effective date alone is no change.
 *
 * <p>Drops only against a value that is the current one, of which {@link PartitionProgress} is the
 * judge; whatever is in doubt goes on, since a repeat harms nothing and a lost change does.
 */
final class DropUnchanged
    extends ContextualProcessor<byte[], CheckedUpdate, byte[], CheckedUpdate> {
  private final Supplier<RowDecoder> decoders;
  private final TableProgress progress;
  private final StreamCounts counts;
  private final RowFields held = new RowFields();
  private @Nullable Task task;

  private record Task(
      KeyValueStore<Bytes, byte[]> table, PartitionProgress progress, RowDecoder decoder) {}

  DropUnchanged(Supplier<RowDecoder> decoders, TableProgress progress, StreamCounts counts) {
    this.decoders = decoders;
    this.progress = progress;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<byte[], CheckedUpdate> context) {
    super.init(context);
    task =
        new Task(
            context.getStateStore(UpdateTopology.TABLE),
            progress.of(context.taskId().partition()),
            decoders.get());
  }

  @Override
  public void process(Record<byte[], CheckedUpdate> record) {
    if (task == null) {
      throw new IllegalStateException("process before init");
    }
    CheckedUpdate update = record.value();
    long offset = update.header().offset();
    if (isHeld(update, task) && task.progress.isCurrentFor(update.key(), offset)) {
      counts.unchanged();
      return;
    }
    task.progress.written(update.key(), offset);
    context().forward(record);
  }

  private boolean isHeld(CheckedUpdate update, Task here) {
    byte[] value = here.table.get(update.key());
    RowFields wanted = update.row();
    if (value == null || wanted == null) {
      return value == null && wanted == null;
    }
    try {
      here.decoder.decode(ByteBuffer.wrap(value), held);
    } catch (KafkaException e) {
      // Not to be read, for now or for ever: then it is equal to nothing.
      return false;
    }
    byte[] key = update.key().get();
    return held.isRowOf(key, 0, key.length)
        && held.zone().sameAs(wanted.zone())
        && held.flags().sameAs(wanted.flags());
  }
}
