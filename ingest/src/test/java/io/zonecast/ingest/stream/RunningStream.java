package io.zonecast.ingest.stream;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A stream of updates on a thread of its own. */
final class RunningStream implements AutoCloseable {
  private final UpdateStream stream;
  private final FutureTask<Void> run;
  private final Thread thread;

  private RunningStream(UpdateStream stream) {
    this.stream = stream;
    this.run =
        new FutureTask<>(
            () -> {
              stream.run();
              return null;
            });
    this.thread = new Thread(run, "stream");
  }

  static RunningStream start(StreamSettings settings) {
    return start(new UpdateStream(settings));
  }

  static RunningStream start(UpdateStream stream) {
    RunningStream started = new RunningStream(stream);
    started.thread.start();
    return started;
  }

  /** Waits until it takes updates. */
  RunningStream ready() {
    await()
        .atMost(StreamStage.LIMIT)
        .until(
            () -> {
              throwIfEnded();
              return stream.status().ready();
            });
    return this;
  }

  StreamCounts.Snapshot counts() {
    return stream.counts();
  }

  void throwIfEnded() {
    if (run.isDone()) {
      try {
        run.get();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException("the stream has ended", e);
      }
      throw new IllegalStateException("the stream has ended");
    }
  }

  @Override
  public void close() {
    stream.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
