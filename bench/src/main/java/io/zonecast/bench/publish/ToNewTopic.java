package io.zonecast.bench.publish;

import static java.util.Objects.requireNonNull;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.table.BenchTopic;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A whole table sent to a topic that is made, and empty, before each run. */
final class ToNewTopic extends Contestant {
  private final String bootstrapServers;
  private final Sending sending;
  private @Nullable BenchTopic topic;

  /** What is measured. */
  interface Sending {
    /** Sends all rows to {@code topic} and returns how many they were. */
    long send(BenchTopic topic) throws Exception;
  }

  ToNewTopic(String name, String bootstrapServers, Sending sending) {
    super(name);
    this.bootstrapServers = bootstrapServers;
    this.sending = sending;
  }

  @Override
  public void prepare() {
    topic = new BenchTopic(bootstrapServers, "bench-new-" + UUID.randomUUID()).create();
  }

  @Override
  public Measurement run() throws Exception {
    BenchTopic prepared = requireNonNull(topic, "prepare comes first");
    long start = System.nanoTime();
    long rows = sending.send(prepared);
    return Measurement.since(start, rows);
  }
}
