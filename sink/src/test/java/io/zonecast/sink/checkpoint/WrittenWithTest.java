package io.zonecast.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenWithTest {
  @ParameterizedTest
  @CsvSource({
    "modulo, 'b:1,a:1', an order that is counted",
    "modulo, 'a:1', another number of nodes",
    "modulo, 'a:1,b:1,c:1', another number of nodes",
    "ketama, 'a:1,c:1', names that are hashed",
    "pymemcache, 'a:1,c:1', names that are hashed"
  })
  void aReaderMissesEntriesByAPoolThatPlacesThemElsewhere(
      String placement, String pool, String because) {
    assertThat(of(placement, pool).differencesToAReaderFrom(of(placement, "a:1,b:1")))
        .as(because)
        .singleElement()
        .asString()
        .startsWith("--memcached is \"a:1,b:1\" there");
  }

  @ParameterizedTest
  @CsvSource({
    "modulo, 'a:1,b:1'",
    "modulo, 'localhost:1,localhost:2'",
    "ketama, 'b:1,a:1'",
    "pymemcache, 'b:1,a:1'"
  })
  void aReaderFindsEntriesByAPoolThatPlacesThemAlike(String placement, String pool) {
    assertThat(of(placement, pool).differencesToAReaderFrom(of(placement, "a:1,b:1"))).isEmpty();
  }

  @Test
  void thePoolCountsOnceANodeIsLive() {
    WrittenWith there = of("modulo", "a:1,b:1");
    Checkpoint filling =
        Checkpoint.filling(new Uuid(1, 2), 0, Checkpoint.RELEASED, there, 0, List.of());
    Checkpoint live =
        new Checkpoint(
            Checkpoint.State.LIVE,
            filling.topicId(),
            0,
            new PartitionPosition(7, 0, PartitionPosition.NO_EPOCH),
            Checkpoint.RELEASED,
            there,
            0,
            List.of());

    assertThat(live.differencesFrom(of("modulo", "b:1,a:1")))
        .containsExactly("--memcached is \"a:1,b:1\" there and \"b:1,a:1\" here");
    assertThat(filling.differencesFrom(of("modulo", "b:1,a:1"))).isEmpty();
    assertThat(filling.differencesFrom(of("ketama", "a:1,b:1"))).hasSize(1);
  }

  private static WrittenWith of(String placement, String pool) {
    return new WrittenWith("zone:", "zone", 0, placement, List.of(pool.split(",", -1)));
  }
}
