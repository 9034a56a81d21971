package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WatermarkTest {

  @Test
  void itsSharesHaveEachPartitionThatWasWrittenToOnce() {
    Watermark watermark = watermark(3, 0, 5, 7, 0, 1);

    for (int most = 1; most < 6; most++) {
      List<Watermark> shares = watermark.shares(most);

      Map<TopicPartition, Long> together = new HashMap<>();
      for (Watermark share : shares) {
        assertThat(share.partitions()).isNotEmpty();
        share.ends().forEach((p, end) -> assertThat(together.put(p, end)).isNull());
      }
      assertThat(shares).hasSize(Math.min(most, 4));
      assertThat(together)
          .isEqualTo(
              Map.of(partition(0), 3L, partition(2), 5L, partition(3), 7L, partition(5), 1L));
    }
  }

  @Test
  void ofATopicWithoutRecordsThereIsNothingToShare() {
    assertThat(watermark(0, 0, 0).shares(2)).isEmpty();
    assertThat(new Watermark(Map.of()).shares(2)).isEmpty();
  }

  private static Watermark watermark(long... ends) {
    Map<TopicPartition, Long> byPartition = new HashMap<>();
    for (int i = 0; i < ends.length; i++) {
      byPartition.put(partition(i), ends[i]);
    }
    return new Watermark(byPartition);
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition("zones", number);
  }
}
