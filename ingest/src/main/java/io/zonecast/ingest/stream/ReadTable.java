package io.zonecast.ingest.stream;

import io.zonecast.schemas.KeyPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the task's copy of its partition of the table, byte for byte as the topic has it: the topic
 * is also what the copy is restored from.
 *
 * <p>A record on another partition than its key's is no row: it is counted and left out. A restored
 * copy can hold some, which no update asks for: {@link UpdateRules} accepts only the partition's
 * own keys.
 */
final class ReadTable extends ContextualProcessor<byte[], byte[], Void, Void> {
  private final int partitions;
  private final TableProgress progress;
  private final StreamCounts counts;
  private @Nullable Task task;

  private record Task(KeyValueStore<Bytes, byte[]> table, PartitionProgress progress) {}

  ReadTable(int partitions, TableProgress progress, StreamCounts counts) {
    this.partitions = partitions;
    this.progress = progress;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    super.init(context);
    PartitionProgress partition = progress.of(context.taskId().partition());
    partition.begin();
    task = new Task(context.getStateStore(UpdateTopology.TABLE), partition);
  }

  @Override
  public void process(Record<byte[], byte[]> row) {
    if (task == null) {
      throw new IllegalStateException("process before init");
    }
    if (row.key() != null
        && KeyPartition.of(row.key(), partitions) != context().taskId().partition()) {
      counts.misplaced();
    } else if (row.key() != null) {
      // A null value deletes.
      task.table.put(Bytes.wrap(row.key()), row.value());
    }
    task.progress.read(RecordLocation.of(context()).offset(), UpdateHeader.of(row.headers()));
  }
}
