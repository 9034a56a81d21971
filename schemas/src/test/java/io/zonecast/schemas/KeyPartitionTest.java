package io.zonecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyPartitionTest {
  @Test
  void aProducersSettingsKeepEverythingButAnotherPartitioner() {
    Map<String, Object> told =
        Map.of(
            "partitioner.class", "RoundRobinPartitioner",
            "partitioner.ignore.keys", "true",
            "linger.ms", "5");

    assertThat(KeyPartition.producerSettings(told)).isEqualTo(Map.of("linger.ms", "5"));
  }
}
