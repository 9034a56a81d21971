package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.SchemaIds;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again where a registry is out of reach, with growing waits, until it answers or the deadline
 * has passed. Blocks its caller for as long. A registry that refuses is not asked again.
 */
public final class RetryingSchemaIds implements SchemaIds {
  private static final Logger log = LoggerFactory.getLogger(RetryingSchemaIds.class);

  private final SchemaIds source;
  private final RetryPolicy policy;
  private final LongSupplier nanoTime;
  private final Pause pause;

  public RetryingSchemaIds(SchemaIds source, RetryPolicy policy) {
    // The wait before another try is the point: a registry tells no one that it is back.
    this(source, policy, System::nanoTime, wait -> Thread.sleep(wait.toMillis()));
  }

  RetryingSchemaIds(SchemaIds source, RetryPolicy policy, LongSupplier nanoTime, Pause pause) {
    this.source = source;
    this.policy = policy;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  @Override
  public Schema schemaOf(int id) {
    return retrying(() -> source.schemaOf(id));
  }

  @Override
  public int idOf(String topic, Schema schema) {
    return retrying(() -> source.idOf(topic, schema));
  }

  private <T> T retrying(Supplier<T> question) {
    long begun = nanoTime.getAsLong();
    for (int retry = 0; ; retry++) {
      try {
        return question.get();
      } catch (RegistryRefusedException e) {
        throw e;
      } catch (RegistryUnavailableException e) {
        Duration wait = policy.waitBefore(retry);
        Duration spent = Duration.ofNanos(nanoTime.getAsLong() - begun);
        if (retry == policy.maxRetries() || spent.plus(wait).compareTo(policy.deadline()) > 0) {
          throw e;
        }
        log.info("{}; asking again in {} ms", e.getMessage(), wait.toMillis());
        waitFor(wait);
      }
    }
  }

  private void waitFor(Duration wait) {
    try {
      pause.pause(wait);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public String toString() {
    return source + ", asked up to " + (policy.maxRetries() + 1) + " times";
  }

  /** Lets time pass. */
  interface Pause {
    void pause(Duration wait) throws InterruptedException;
  }
}
