package io.zonecast.sink.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.sink.Golden;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What lies on nodes beside the zones: sinks of other versions read it. */
class EntriesOnNodesTest {
  private final StringBuilder entries = new StringBuilder();

  @Test
  void eachIsWrittenUnderThisKeyWithTheseBytes() {
    WrittenWith ours =
        new WrittenWith(":1:zone:", "zone", 16, "modulo", List.of("a:11211", "[::1]:11212"));
    PartitionPosition progress = new PartitionPosition(83_112, 1_790_000_000_000L, 7);
    Checkpoint live =
        new Checkpoint(
            Checkpoint.State.LIVE,
            new Uuid(3, 4),
            2,
            progress,
            "10.0.0.7:40112",
            ours,
            1_770_000_000_000L,
            List.of(
                new Suspect("10.0.0.6:40113", 80, 1_780_000_000_000L),
                new Suspect("[::1]:5", 90, 1_780_000_000_001L)));

    add(CheckpointKey.of("zones-sink", "zones", 2), live.encode());
    add(CheckpointKey.of("zones-sink", "zones", 2), live.released().encode());
    add(
        CheckpointKey.of("g r\u00fcn", "zones", 0),
        new Checkpoint(
                Checkpoint.State.FILLING,
                new Uuid(3, 4),
                0,
                new PartitionPosition(0, 1_790_000_000_000L, PartitionPosition.NO_EPOCH),
                Checkpoint.RELEASED,
                new WrittenWith("zone:", "json", 0, "ketama", List.of("a:11211")),
                0,
                List.of())
            .encode());
    add(
        CheckpointKey.ofFill("zones-sink", "zones", 2),
        new FillProgress(0.6354, Duration.ofMillis(2_500)).encode());
    add(CheckpointKey.ofFill("zones-sink", "zones", 2), new FillProgress(0, null).encode());
    add(
        CheckpointKey.ofWait("zones-sink", "zones", 2),
        new WaitNote(7, "schema id 12: \"r\u00e9gistre\" refused; 100 % sure").encode());
    add(
        CheckpointKey.ofDown("zones-sink", "zones", "[::1]:11211"),
        DownNote.encode(Instant.parse("2026-11-22T03:00:00.123Z")));
    add(CheckpointKey.of("g".repeat(150), "t".repeat(150), 2), new FillProgress(1, null).encode());

    Golden.assertIs("entries-on-nodes.txt", entries.toString());
  }

  private void add(String key, byte[] value) {
    entries.append(key).append('\n').append("    ");
    entries.append(new String(value, US_ASCII).replace("\n", "\n    ")).append('\n');
  }
}
