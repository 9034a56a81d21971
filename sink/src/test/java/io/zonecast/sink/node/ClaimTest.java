package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Which former writers the group may forget once a fill has ended. */
class ClaimTest {
  private static final String OURS = "10.0.0.1:1";
  private static final Suspect OURSELVES = new Suspect(OURS, 0, 0);
  private static final Suspect OTHER = new Suspect("10.0.0.2:1", 0, 0);

  @Test
  void aConnectionThatWritesOnIsNotGoneThoughAnotherOwnerSuspectedIt() {
    List<Suspect> suspects = List.of(OURSELVES, OTHER);
    var with = new WrittenWith("zone:", "zone", 0, "modulo", List.of("a:11211"));
    var claim =
        new Claim(
            Checkpoint.filling(Uuid.ONE_UUID, 0, OURS, with, 1, suspects),
            1,
            List.of("10.0.0.3:1"),
            suspects,
            List.of());

    assertThat(claim.gone()).containsExactlyInAnyOrder("10.0.0.2:1", "10.0.0.3:1");
  }
}
