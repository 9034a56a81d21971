package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class BackgroundSchemaIdsTest {
  private static final Duration REST = Duration.ofSeconds(1);

  /** Longer than any answer of a source that answers takes. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private static final Duration IMPATIENT = Duration.ofMillis(1);

  private final FlakySchemaIds source = new FlakySchemaIds();
  private final AtomicLong nanoTime = new AtomicLong();

  @Test
  void anAnswerThatComesAtOnceIsGivenAtOnce() {
    assertThat(ids(PATIENT).schemaOf(1)).isNotNull();
  }

  @Test
  void afterAFailureNobodyIsAskedForAWhile() {
    SchemaIds ids = ids(PATIENT);
    source.failTimes(1, new RegistryUnavailableException("schema id 1: down"));

    assertThatThrownBy(() -> ids.schemaOf(1)).hasMessage("schema id 1: down");
    assertThatThrownBy(() -> ids.schemaOf(1)).hasMessage("schema id 1: down");
    assertThat(source.questions()).isEqualTo(1);

    nanoTime.addAndGet(REST.toNanos());
    await()
        .ignoreExceptionsInstanceOf(RegistryUnavailableException.class)
        .untilAsserted(() -> assertThat(ids.schemaOf(1)).isNotNull());
    assertThat(source.questions()).isEqualTo(2);
  }

  @Test
  void anotherIdsFailureIsNotTakenForOnesOwn() {
    SchemaIds ids = ids(PATIENT);
    source.failTimes(1, new UnknownSchemaIdException(7, "unknown"));

    assertThatThrownBy(() -> ids.schemaOf(7)).hasMessage("unknown");

    assertThat(ids.schemaOf(8)).isNotNull();
  }

  @Test
  void aRegistryThatHangsHoldsNobodyUp() {
    CountDownLatch hangs = new CountDownLatch(1);
    SchemaIds ids = ids(hanging(hangs), IMPATIENT);

    assertThatThrownBy(() -> ids.schemaOf(5))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessage(
            "schema id 5: schema registry http://hangs has not answered yet; check"
                + " schema.registry.url if it never does");

    hangs.countDown();
    await()
        .ignoreExceptionsInstanceOf(RegistryUnavailableException.class)
        .untilAsserted(() -> assertThat(ids.schemaOf(5)).isNotNull());
  }

  @Test
  void whileItIsAskedAgainTheLastFailureStands() {
    CountDownLatch hangs = new CountDownLatch(1);
    source.failTimes(1, new RegistryUnavailableException("schema id 1: down"));
    SchemaIds ids =
        ids(
            new SchemaIds() {
              @Override
              public Schema schemaOf(int id) {
                if (source.questions() == 1) {
                  return hanging(hangs).schemaOf(id);
                }
                return source.schemaOf(id);
              }

              @Override
              public int idOf(String topic, Schema schema) {
                return source.idOf(topic, schema);
              }
            },
            IMPATIENT);
    await()
        .untilAsserted(
            () -> assertThatThrownBy(() -> ids.schemaOf(1)).hasMessageEndingWith("down"));

    nanoTime.addAndGet(REST.toNanos());

    assertThatThrownBy(() -> ids.schemaOf(1)).hasMessage("schema id 1: down");
    hangs.countDown();
  }

  private SchemaIds ids(Duration patience) {
    return ids(source, patience);
  }

  private SchemaIds ids(SchemaIds asked, Duration patience) {
    return new BackgroundSchemaIds(asked, REST, patience, nanoTime::get);
  }

  private SchemaIds hanging(CountDownLatch latch) {
    return new SchemaIds() {
      @Override
      public Schema schemaOf(int id) {
        try {
          latch.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return source.schemaOf(id);
      }

      @Override
      public int idOf(String topic, Schema schema) {
        return source.idOf(topic, schema);
      }

      @Override
      public String toString() {
        return "schema registry http://hangs";
      }
    };
  }
}
