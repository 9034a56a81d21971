package io.zonecast.sink.lag;

import io.zonecast.sink.Golden;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.cache.SlabClasses;
import io.zonecast.sink.checkpoint.FillProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LagDocumentTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  /** Every key, in its order: what is known, and what is not. */
  @Test
  void itsKeysAreAContract() {
    LagReport report =
        new LagReport(
            "zones-sink",
            "zones",
            NOON,
            Verdict.STALLED,
            NOON.minusSeconds(240),
            Duration.ofMillis(2_500),
            List.of(
                new PartitionLag(
                    3,
                    new PartitionLag.Offsets(90L, 100, 12.5),
                    10L,
                    9L,
                    Duration.ofMillis(240_125),
                    PartitionState.STALLED,
                    "zones-sink-1",
                    "transactional.id zonecast-publish-zones"),
                new PartitionLag(
                    1,
                    new PartitionLag.Offsets(null, 100, null),
                    null,
                    null,
                    null,
                    PartitionState.UNKNOWN,
                    null,
                    null)),
            List.of(
                new NodeLag(
                    "a:11211",
                    NodeState.FILLING,
                    NOON.minusSeconds(3),
                    new FillProgress(0.635, Duration.ofMillis(2_500)),
                    Duration.ofMillis(1_250),
                    10L,
                    new NodeStats(
                        1_000,
                        60_000,
                        67_108_864,
                        2,
                        Duration.ofHours(1),
                        SlabClasses.of(Map.of())),
                    "it is being filled"),
                new NodeLag("b:11211", NodeState.DOWN, null, null, null, null, null, null)));

    Golden.assertIs("lag.json", LagDocument.of(report));
  }
}
