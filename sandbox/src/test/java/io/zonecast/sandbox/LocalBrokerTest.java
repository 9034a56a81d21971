package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocalBrokerTest {

  /** Kafka takes it for an option: one broker in 64 did not start. */
  @Test
  void aClusterIdNeverBeginsWithAHyphen() {
    Stream<String> ids = Stream.generate(LocalBroker::randomClusterId).limit(5_000);

    assertThat(ids).allSatisfy(id -> assertThat(id).hasSize(22).matches("[A-Za-z].*"));
  }
}
