package io.zonecast.ingest.stream;

import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Only with {@code --reject-stale}: an update that was asked for before the last one of its key
 * that was accepted comes too late. A store of its own remembers when that was: the table's value
 * does not say, and a published file's rows have no such time. Against a later publish, {@link
 * RejectOvertaken} judges every update.
 */
final class RejectStale extends ContextualProcessor<byte[], CheckedUpdate, byte[], UpdateVerdict> {
  private @Nullable KeyValueStore<Bytes, Long> times;

  @Override
  public void init(ProcessorContext<byte[], UpdateVerdict> context) {
    super.init(context);
    times = context.getStateStore(UpdateTopology.TIMES);
  }

  @Override
  public void process(Record<byte[], CheckedUpdate> record) {
    if (times == null) {
      throw new IllegalStateException("process before init");
    }
    CheckedUpdate update = record.value();
    long requestedAt = update.header().requestedAtMillis();
    Long latest = times.get(update.key());
    if (latest != null && requestedAt < latest) {
      context()
          .forward(
              record.withValue(
                  update.rejected(
                      ("it was asked for at %s, and one of %s has been accepted for its key"
                              + " before; ask for it anew if it is still meant, or run the stream"
                              + " without --reject-stale")
                          .formatted(
                              Instant.ofEpochMilli(requestedAt), Instant.ofEpochMilli(latest)))),
              UpdateTopology.REJECT);
      return;
    }
    times.put(update.key(), requestedAt);
    context().forward(record.withValue(update), UpdateTopology.DROP_UNCHANGED);
  }
}
