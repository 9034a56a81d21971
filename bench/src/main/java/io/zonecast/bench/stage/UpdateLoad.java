package io.zonecast.bench.stage;

import io.zonecast.schemas.ZoneKey;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Sends updates to a topic at a steady rate, on its own thread. The zone of each is its number, and
 * numbers only rise: of two values of a key, the smaller one is older.
 */
public final class UpdateLoad implements AutoCloseable {
  /** Above every zone of the table that was there before. */
  public static final long FIRST_NUMBER = 1_000_000;

  private final long everyNanos;
  private final Supplier<Update> updates;
  private final Listener listener;
  private final RecordSender sender;
  private final RowBytes rows;
  private final ReentrantLock sending = new ReentrantLock(true);
  private final Thread thread = new Thread(this::run, "updates");
  private volatile boolean closed;
  private volatile long number = FIRST_NUMBER;

  /**
   * One change to one row.
   *
   * @param key the record's, as {@code usps:005:010}
   * @param deletes whether it is a tombstone
   */
  public record Update(String key, boolean deletes) {}

  /** Hears of each update before it is sent, on the load's thread. */
  public interface Listener {
    void sending(Update update, long number, long nanos);
  }

  /**
   * Sends nothing yet.
   *
   * @param updates the next one, asked for on the load's thread
   */
  public UpdateLoad(
      BenchTopic topic, int perSecond, RowBytes rows, Supplier<Update> updates, Listener listener) {
    this.rows = rows;
    this.everyNanos = 1_000_000_000L / perSecond;
    this.updates = updates;
    this.listener = listener;
    this.sender = new RecordSender(topic.name(), topic.promptProducer());
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** How many updates have been sent. */
  public long count() {
    return number - FIRST_NUMBER;
  }

  /**
   * Runs {@code work} while nothing is being sent and everything sent has been acknowledged.
   *
   * @throws IllegalStateException if a record was lost on its way to the topic, or the load ended
   */
  public void still(Work work) throws Exception {
    sending.lock();
    try {
      sender.flush();
      work.run();
    } finally {
      sending.unlock();
    }
  }

  /** What may fail. */
  public interface Work {
    void run() throws Exception;
  }

  private void run() {
    long due = System.nanoTime();
    while (!closed) {
      long wait = due - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
        continue;
      }
      sending.lock();
      try {
        send(updates.get());
      } catch (RuntimeException e) {
        sender.failed(e);
        return;
      } finally {
        sending.unlock();
      }
      // No burst after a pause.
      due = Math.max(due + everyNanos, System.nanoTime() - 100 * everyNanos);
    }
  }

  private void send(Update update) {
    long next = number + 1;
    // Written by this thread alone.
    number = next;
    listener.sending(update, next, System.nanoTime());
    sender.send(
        update.key(),
        update.deletes() ? null : rows.value(ZoneKey.parse(update.key()), Long.toString(next)));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
  }
}
