package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowBatch;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.source.ZoneFileException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and digests a file on a thread of its own, while the caller is still busy with the topic:
 * as far ahead as its queue lets it, which is a million rows, 26 MB.
 */
final class ReadAhead implements AutoCloseable {
  static final int BATCH_ROWS = 4096;
  private static final int BATCHES_AHEAD = 256;

  private final ZoneFile file;
  private final int batchRows;
  private final KeyDigest keys;
  private final TextIds.View carriers;
  private final TextIds.View values;
  private final LongConsumer bytesRead;
  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(BATCHES_AHEAD);
  private final Thread thread;
  private @Nullable Ended ended;

  /** What the reading thread hands over. */
  private sealed interface Step {}

  private record Rows(DigestedRows rows) implements Step {}

  private record Ended(String checksum, List<RowProblem> problems) implements Step {}

  private record Failed(Throwable cause) implements Step {}

  ReadAhead(
      ZoneFile file,
      int batchRows,
      KeyDigest keys,
      TextIds carriers,
      TextIds values,
      LongConsumer bytesRead) {
    this.file = file;
    this.batchRows = batchRows;
    this.keys = keys;
    this.carriers = carriers.view();
    this.values = values.view();
    this.bytesRead = bytesRead;
    thread = new Thread(this::run, "zonecast-file-reader");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Waits for the next rows; null when there are no more.
   *
   * @throws ZoneFileException if the file could not be read
   */
  @Nullable DigestedRows next() throws ZoneFileException, InterruptedException {
    if (ended != null) {
      return null;
    }
    Step step = steps.take();
    if (step instanceof Rows more) {
      return more.rows;
    }
    if (step instanceof Ended last) {
      ended = last;
      return null;
    }
    Throwable cause = ((Failed) step).cause;
    if (cause instanceof ZoneFileException unreadable) {
      throw unreadable;
    }
    throw new IllegalStateException("reading " + file.path() + " failed", cause);
  }

  /** The checksum of the file; to be asked after the last rows. */
  String checksum() {
    return end().checksum;
  }

  /** The first of the rejected rows; to be asked after the last rows. */
  List<RowProblem> problems() {
    return end().problems;
  }

  private Ended end() {
    if (ended == null) {
      throw new IllegalStateException(file.path() + " has not been read to its end");
    }
    return ended;
  }

  private void run() {
    try {
      readAll();
    } catch (InterruptedException e) {
      // Closed: nobody waits for the rest.
    } catch (Throwable e) { // the caller's to judge, an OutOfMemoryError too
      try {
        steps.put(new Failed(e));
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void readAll() throws ZoneFileException, InterruptedException {
    try (RowReader reader = file.read(bytesRead)) {
      RowBatch batch = new RowBatch(batchRows);
      while (reader.read(batch)) {
        steps.put(new Rows(DigestedRows.of(batch, keys, carriers, values)));
      }
      steps.put(new Ended(reader.checksum(), reader.problems()));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
