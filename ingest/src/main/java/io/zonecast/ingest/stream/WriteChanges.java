package io.zonecast.ingest.stream;

import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowFields;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Last step: what an update asks for, as a record of the table that names the update. */
final class WriteChanges extends ContextualProcessor<byte[], CheckedUpdate, byte[], byte[]> {
  private final Supplier<RowEncoder> encoders;
  private final StreamCounts counts;
  private @Nullable RowEncoder encoder;

  WriteChanges(Supplier<RowEncoder> encoders, StreamCounts counts) {
    this.encoders = encoders;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    encoder = encoders.get();
  }

  @Override
  public void process(Record<byte[], CheckedUpdate> record) {
    if (encoder == null) {
      throw new IllegalStateException("process before init");
    }
    CheckedUpdate update = record.value();
    RowFields row = update.row();
    byte[] value = row == null ? null : encoder.encode(row);
    // Not the update's own headers: every reader of every record would pay for them.
    List<Header> headers = List.of(update.header().toHeader());
    counts.written();
    context()
        .forward(new Record<>(record.key(), value, record.timestamp(), new RecordHeaders(headers)));
  }
}
