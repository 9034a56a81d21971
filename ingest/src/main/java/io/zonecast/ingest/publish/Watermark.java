package io.zonecast.ingest.publish;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * The high watermark of each partition, taken once: a reading ends where its positions reach it.
 * The <em>high</em> watermark and not the last stable offset: a transaction that committed just now
 * may lack its markers still, and what it wrote belongs to the table.
 *
 * @param ends the next offset to be written, by partition
 */
record Watermark(Map<TopicPartition, Long> ends) {
  Watermark {
    ends = Map.copyOf(ends);
  }

  static Watermark take(Admin admin, String topic, int partitions) {
    return new Watermark(
        BrokerAnswers.await(TopicEnds.high(admin, TopicEnds.partitions(topic, partitions))));
  }

  /**
   * Deals the partitions that have been written to out to readers.
   *
   * @return at most {@code most} parts, none where there is nothing to read
   */
  List<Watermark> shares(int most) {
    List<TopicPartition> written =
        ends.keySet().stream()
            .filter(partition -> end(partition) > 0)
            .sorted(Comparator.comparingInt(TopicPartition::partition))
            .toList();
    int count = Math.min(most, written.size());
    return IntStream.range(0, count)
        .mapToObj(
            share ->
                new Watermark(
                    IntStream.range(0, written.size())
                        .filter(i -> i % count == share)
                        .mapToObj(written::get)
                        .collect(Collectors.toMap(partition -> partition, this::end))))
        .toList();
  }

  List<TopicPartition> partitions() {
    return List.copyOf(ends.keySet());
  }

  long end(TopicPartition partition) {
    Long end = ends.get(partition);
    if (end == null) {
      throw new IllegalArgumentException(partition + " is not among " + ends.keySet());
    }
    return end;
  }
}
