package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members with different lists of nodes: the one whose list is the older stops. */
class NodeListIT extends ProtocolStage {
  private static final String OTHER_PARTITION = CheckpointKey.of("g", "zones", 1);
  private static final WrittenWith TWO = pool("modulo", "a:1", "b:1");
  private static final WrittenWith THREE = pool("modulo", "a:1", "b:1", "c:1");

  private String otherMember;

  @BeforeEach
  void twoPartitions() throws Exception {
    partitions = 2;
    otherMember = connect().localAddress();
  }

  @Test
  void aMemberStopsWhereAnotherHasPutANewerListInForce() throws Exception {
    plant(0, TWO, 1_000, Checkpoint.RELEASED);
    plant(1, THREE, 2_000, otherMember);
    begin(TWO, false, 0);

    assertThatThrownBy(this::step)
        .isInstanceOf(SettingsDifferException.class)
        .hasMessageContaining("partition 1")
        .hasMessageContaining(otherMember)
        .hasMessageContaining("connected from " + connection.localAddress())
        .hasMessageContaining("--memcached is \"a:1,b:1,c:1\" there and \"a:1,b:1\" here")
        .hasMessageContaining("restart");
    assertThat(fills.asked()).isZero();
  }

  @Test
  void aNewListIsLaterThanTheOneItReplacesAndItsMemberGoesOn() throws Exception {
    append(A, "1");
    plant(0, TWO, now() + 5_000, Checkpoint.RELEASED);
    plant(1, TWO, now() + 5_000, otherMember);
    begin(THREE, false, 0);

    stepUntilLive();

    assertThat(checkpoint().writtenWith()).isEqualTo(THREE);
    assertThat(checkpoint().sinceMillis()).isEqualTo(now() + 5_001);
  }

  @Test
  void aMemberThatWasKilledStopsNobody() throws Exception {
    append(A, "1");
    plant(0, TWO, 1_000, Checkpoint.RELEASED);
    plant(1, THREE, 2_000, STRANGER);
    begin(TWO, false, 0);

    stepUntilLive();

    assertThat(checkpoint().sinceMillis()).isEqualTo(1_000);
  }

  @Test
  void aMemberThatHasLetGoStopsNobody() throws Exception {
    append(A, "1");
    plant(0, TWO, 1_000, Checkpoint.RELEASED);
    plant(1, THREE, 2_000, Checkpoint.RELEASED);
    begin(TWO, false, 0);

    stepUntilLive();
  }

  @Test
  void anotherTopicsMemberStopsNobody() throws Exception {
    append(A, "1");
    plant(0, TWO, 1_000, Checkpoint.RELEASED);
    set(1, otherTopics(written(1, THREE, 2_000, otherMember)));
    begin(TWO, false, 0);

    stepUntilLive();
  }

  @Test
  void theSamePoolInAnotherOrderIsFilledAgainOnlyWhereTheOrderPlacesKeys() throws Exception {
    append(A, "1");
    append(B, "2");
    set(
        0,
        written(0, pool("ketama", "b:1", "a:1"), 1_000, Checkpoint.RELEASED)
            .live(new PartitionPosition(1, now(), PartitionPosition.NO_EPOCH)));
    begin(pool("ketama", "a:1", "b:1"), false, 0);
    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isEqualTo(1);
    stepUntilLive();
    tenure.release(List.of(0));

    set(
        0,
        written(0, pool("modulo", "b:1", "a:1"), 1_000, Checkpoint.RELEASED)
            .live(new PartitionPosition(1, now(), PartitionPosition.NO_EPOCH)));
    begin(TWO, false, 0);
    stepUntil(fills::isAsked);

    assertThat(fills.fromOffset()).isZero();
  }

  private void plant(int partition, WrittenWith writtenWith, long since, String conn) {
    set(partition, written(partition, writtenWith, since, conn));
  }

  private static Checkpoint written(
      int partition, WrittenWith writtenWith, long since, String conn) {
    return Checkpoint.filling(TOPIC_ID, partition, conn, writtenWith, since, List.of());
  }

  private void set(int partition, Checkpoint checkpoint) {
    raw.set(partition == 0 ? CHECKPOINT : OTHER_PARTITION, new String(checkpoint.encode(), UTF_8));
  }

  private static WrittenWith pool(String placement, String... nodes) {
    return new WrittenWith(PREFIX, "zone", 0, placement, List.of(nodes));
  }
}
