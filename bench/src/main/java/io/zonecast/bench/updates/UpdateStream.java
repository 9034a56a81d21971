package io.zonecast.bench.updates;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.RowBytes;
import io.zonecast.schemas.ZoneKey;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Updates onto a topic at a steady rate, on a thread of its own. The zone of each is its number,
 * and numbers only rise: whoever reads two values of a key knows which is the older one.
 */
public final class UpdateStream implements AutoCloseable {
  /** Above every zone of the table that was there before. */
  public static final long FIRST_NUMBER = 1_000_000;

  private final BenchTopic topic;
  private final long everyNanos;
  private final Supplier<Update> updates;
  private final Listener listener;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RowBytes rows;
  private final ReentrantLock sending = new ReentrantLock(true);
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "updates");
  private volatile boolean closed;
  private volatile long number = FIRST_NUMBER;

  /** Hears of each update before it is sent, on the stream's thread. */
  public interface Listener {
    void sending(Update update, long number, long nanos);
  }

  /**
   * Sends nothing yet.
   *
   * @param rows encodes the rows
   * @param updates the next one, asked for on the stream's thread
   */
  public UpdateStream(
      BenchTopic topic, int perSecond, RowBytes rows, Supplier<Update> updates, Listener listener) {
    this.rows = rows;
    this.topic = topic;
    this.everyNanos = 1_000_000_000L / perSecond;
    this.updates = updates;
    this.listener = listener;
    this.producer = topic.promptProducer();
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
   * @throws IllegalStateException if a record was lost on its way to the topic, or the stream ended
   */
  public void still(Work work) throws Exception {
    sending.lock();
    try {
      producer.flush();
      requireNoFailure();
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
        failure.compareAndSet(null, e);
        return;
      } finally {
        sending.unlock();
      }
      // After having been held still: no burst to make up for it.
      due = Math.max(due + everyNanos, System.nanoTime() - 100 * everyNanos);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A failure is kept by the callback.
  private void send(Update update) {
    long next = number + 1;
    // Written by this thread alone.
    number = next;
    listener.sending(update, next, System.nanoTime());
    producer.send(
        new ProducerRecord<>(topic.name(), update.key().getBytes(US_ASCII), value(update, next)),
        (metadata, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        });
  }

  private byte @Nullable [] value(Update update, long next) {
    if (update.deletes()) {
      return null;
    }
    ZoneKey key = ZoneKey.parse(update.key());
    return rows.value(key.carrier(), key.origin(), key.destination(), Long.toString(next));
  }

  private void requireNoFailure() {
    Exception lost = failure.get();
    if (lost != null) {
      throw new IllegalStateException("an update did not reach topic " + topic.name(), lost);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
