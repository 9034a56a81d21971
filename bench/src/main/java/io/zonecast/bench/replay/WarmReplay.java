package io.zonecast.bench.replay;

import static java.util.Objects.requireNonNull;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.sandbox.MemcachedServer;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Our replay as an operator meets it: a sink runs, its node comes back empty and is filled from the
 * topic. Measured from the first partition asked for until the last checkpoint says live.
 */
final class WarmReplay extends Contestant implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final BenchTopic topic;
  private final MemcachedServer node;
  private final int rows;
  private @Nullable BenchSink sink;

  WarmReplay(String name, BenchTopic topic, MemcachedServer node, int rows) {
    super(name);
    this.topic = topic;
    this.node = node;
    this.rows = rows;
  }

  @Override
  public void prepare() throws InterruptedException {
    if (sink == null) {
      sink = BenchSink.start(topic, node.address());
      sink.fills().await(LIMIT);
    }
    node.kill();
  }

  @Override
  public Measurement run() throws IOException, InterruptedException {
    FillWatch fills = requireNonNull(sink, "prepare comes first").fills();
    fills.begin();
    node.restartEmpty();
    Duration elapsed = fills.await(LIMIT);
    FilledNode.requireEntries(node, rows);
    return new Measurement(rows, elapsed);
  }

  @Override
  public void close() {
    if (sink != null) {
      sink.close();
    }
  }
}
