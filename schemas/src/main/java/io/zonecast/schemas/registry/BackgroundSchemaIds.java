package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.SchemaIds;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Has schemas looked up on a thread of its own, so that a registry that hangs holds its callers up
 * once for a moment and never again. For callers that ask again by themselves and have other things
 * to do: a poll loop asks for each waiting partition at every turn, and the other partitions flow
 * meanwhile.
 *
 * <p>A failure stands for a while before the registry is asked again, and for as long as that
 * takes, so that whoever waits is told the same until something changes. Thread-safe.
 */
public final class BackgroundSchemaIds implements SchemaIds {
  /** Longer than a registry that is well takes, the first answer in a cold process included. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration FORGET_AFTER = Duration.ofMinutes(1);
  private static final int IDLE_SECONDS = 10;

  private final SchemaIds source;
  private final Duration rest;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Executor thread = oneThread();
  private final Map<Integer, Question> questions = new HashMap<>();

  /**
   * Makes a source that asks {@code source} in the background.
   *
   * @param rest for how long a failure stands
   */
  public BackgroundSchemaIds(SchemaIds source, Duration rest) {
    this(source, rest, PATIENCE, System::nanoTime);
  }

  BackgroundSchemaIds(SchemaIds source, Duration rest, Duration patience, LongSupplier nanoTime) {
    this.source = source;
    this.rest = rest;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** As {@link SchemaIds} says; a registry that is yet to answer counts as out of reach. */
  @Override
  public Schema schemaOf(int id) {
    Question question = questionFor(id);
    try {
      return question.answer.get(question.patienceLeft(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw question.before == null
          ? new RegistryUnavailableException(
              ("schema id %s: %s has not answered yet; check schema.registry.url if it"
                      + " never does")
                  .formatted(id, source),
              e)
          : question.before;
    } catch (ExecutionException e) {
      throw failureOf(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Asks at once, and waits: a writer cannot go on without an id. */
  @Override
  public int idOf(String topic, Schema schema) {
    return source.idOf(topic, schema);
  }

  private synchronized Question questionFor(int id) {
    Question last = questions.get(id);
    if (last != null && !last.hasRested(rest)) {
      return last;
    }
    questions.values().removeIf(question -> question.hasRested(FORGET_AFTER));
    Question next = new Question(last == null ? null : last.failure);
    questions.put(id, next);
    thread.execute(() -> ask(id, next));
    return next;
  }

  private void ask(int id, Question question) {
    try {
      // Kept, as it may come when no one waits for it any more.
      question.answer.complete(source.schemaOf(id));
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        question.failed(e);
      }
      question.answer.completeExceptionally(e);
    }
  }

  private static RuntimeException failureOf(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    return new IllegalStateException("looking a schema up ended unexpectedly", cause);
  }

  private static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "zonecast-schema-ids");
              thread.setDaemon(true);
              return thread;
            });
    // Ends by itself when nothing is asked, so that no one has to close it.
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public String toString() {
    return source + ", asked in the background";
  }

  /** One look-up, under way or failed. */
  private final class Question {
    private final CompletableFuture<Schema> answer = new CompletableFuture<>();
    private final long askedNanos = nanoTime.getAsLong();
    private final @Nullable RuntimeException before;
    private @Nullable RuntimeException failure;
    private long failedNanos;

    /**
     * @param before the result of the look-up before this one
     */
    Question(@Nullable RuntimeException before) {
      this.before = before;
    }

    void failed(Throwable cause) {
      failure = failureOf(cause);
      failedNanos = nanoTime.getAsLong();
    }

    boolean hasRested(Duration time) {
      return failure != null && nanoTime.getAsLong() - failedNanos >= time.toNanos();
    }

    /** Nothing is left for who has waited before, for this answer or for that of a failure. */
    long patienceLeft() {
      return before == null
          ? Math.max(0, patience.toNanos() - (nanoTime.getAsLong() - askedNanos))
          : 0;
    }
  }
}
