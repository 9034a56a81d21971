package io.zonecast.ingest.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an update aside as it was read, with its reason and where it came from in headers, under the
 * names that Kafka Connect gives to those of a dead letter.
 */
final class RejectUpdates extends ContextualProcessor<byte[], RejectedUpdate, byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(RejectUpdates.class);
  private static final String PREFIX = "__connect.errors.";

  /** A sender of nothing but bad updates must not fill the disk with our log. */
  private static final Duration SAY_EVERY = Duration.ofSeconds(1);

  private final String group;
  private final String to;
  private final StreamCounts counts;
  private long saidNanos = System.nanoTime() - SAY_EVERY.toNanos();
  private long unsaid;

  /**
   * @param group who rejects, for the headers
   * @param to the topic, for the log
   */
  RejectUpdates(String group, String to, StreamCounts counts) {
    this.group = group;
    this.to = to;
    this.counts = counts;
  }

  @Override
  public void process(Record<byte[], RejectedUpdate> record) {
    RejectedUpdate rejected = record.value();
    RecordMetadata from = RecordLocation.of(context());
    say(from, rejected);
    counts.rejected();
    Headers headers = new RecordHeaders(record.headers());
    add(headers, "topic", from.topic());
    add(headers, "partition", Integer.toString(from.partition()));
    add(headers, "offset", Long.toString(from.offset()));
    add(headers, "connector.name", group);
    add(headers, "task.id", context().taskId().toString());
    add(headers, "exception.message", rejected.reason());
    context().forward(new Record<>(record.key(), rejected.value(), record.timestamp(), headers));
  }

  private void say(RecordMetadata from, RejectedUpdate rejected) {
    long now = System.nanoTime();
    if (now - saidNanos < SAY_EVERY.toNanos()) {
      unsaid++;
      return;
    }
    LOG.warn(
        "partition={} offset={} rejected to={}: {}{}",
        from.partition(),
        from.offset(),
        to,
        rejected.reason(),
        unsaid == 0 ? "" : " (" + unsaid + " more since the last such line)");
    saidNanos = now;
    unsaid = 0;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
