package io.zonecast.ingest.stream;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * An update that has waited does not overwrite a publish that came after it: it is rejected. One
 * that a stream has taken before, as when the group's offsets are gone, is dropped. {@link
 * UpdateAges} knows which have waited, {@link LastWriters} what became of their keys meanwhile.
 */
final class RejectOvertaken
    extends ContextualProcessor<byte[], CheckedUpdate, byte[], UpdateVerdict> {
  private static final Duration LOOK_EVERY = UpdateAges.YOUNG.dividedBy(3);

  private final HighWatermarks ends;
  private final LastWriters writers;
  private final TableProgress progress;
  private final String next;
  private final StreamCounts counts;
  private @Nullable UpdateAges ages;
  private boolean mayBeTakenAgain;
  private LastWriters.Found found = LastWriters.Found.NOTHING;

  /**
   * @param ends where the updates' partitions end
   * @param next the step for what is not overtaken
   */
  RejectOvertaken(
      HighWatermarks ends,
      LastWriters writers,
      TableProgress progress,
      String next,
      StreamCounts counts) {
    this.ends = ends;
    this.writers = writers;
    this.progress = progress;
    this.next = next;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<byte[], UpdateVerdict> context) {
    super.init(context);
    int partition = context.taskId().partition();
    UpdateAges looking = new UpdateAges(ends, partition);
    looking.look();
    context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> looking.look());
    ages = looking;
    mayBeTakenAgain = !progress.of(partition).groupHasOffset();
    found = LastWriters.Found.NOTHING;
  }

  @Override
  public void process(Record<byte[], CheckedUpdate> record) {
    if (ages == null) {
      throw new IllegalStateException("process before init");
    }
    CheckedUpdate update = record.value();
    long offset = update.header().offset();
    if (ages.isYoung(offset)) {
      mayBeTakenAgain = false;
      context().forward(record.withValue(update), next);
      return;
    }
    found = writers.find(context().taskId().partition(), offset, mayBeTakenAgain, found);
    String overtaken = found.overtaken().get(offset);
    if (offset <= found.takenTo()) {
      counts.repeated();
    } else if (overtaken == null) {
      context().forward(record.withValue(update), next);
    } else {
      context().forward(record.withValue(update.rejected(overtaken)), UpdateTopology.REJECT);
    }
  }
}
