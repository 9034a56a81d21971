package io.zonecast.sink.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.owner.NodeOwnership.NotOurs;
import io.zonecast.sink.owner.NodeOwnership.NotRecorded;
import io.zonecast.sink.owner.NodeOwnership.Ours;
import io.zonecast.sink.owner.NodeOwnership.Swapped;
import io.zonecast.sink.owner.NodeOwnership.ToClaim;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose a node is, by what it records: row by row. */
class NodeOwnershipTest {
  private static final Uuid TOPIC_ID = new Uuid(1, 2);
  private static final Claimant US = claimant("zone:", "a:1", "b:1");
  private static final NodeOwners RECORDED = NodeOwners.NONE.with("zone:", US.claimTo("a:1"));

  private static Claimant claimant(String prefix, String... nodes) {
    return new Claimant(
        new TopicInfo("cluster", "zones", TOPIC_ID, 6, Duration.ofDays(1)),
        "zones-sink",
        new WrittenWith(prefix, "zone", 0, "modulo", List.of(nodes)));
  }

  private static Checkpoint checkpoint(String prefix, Uuid topicId) {
    return Checkpoint.filling(
        topicId, 0, "-", claimant(prefix, "a:1", "b:1").writtenWith(), 0, List.of());
  }

  private static NodeOwnership ask(
      String node, @Nullable NodeOwners recorded, Checkpoint... checkpoints) {
    return NodeOwnership.of(
        US, node, recorded == null ? null : recorded.encode(), List.of(checkpoints));
  }

  @Test
  void aNodeThatRecordsUsIsOurs() {
    assertThat(ask("a:1", RECORDED)).isEqualTo(new Ours(RECORDED));
  }

  @Test
  void aNodeThatRecordsNothingIsNobodysYet() {
    assertThat(ask("a:1", null)).isEqualTo(new NotRecorded(RECORDED));
  }

  @Test
  void aCheckpointOfOursProvesWhatAnEarlierVersionDidNotRecord() {
    assertThat(ask("a:1", null, checkpoint("zone:", TOPIC_ID))).isEqualTo(new ToClaim(RECORDED));
  }

  @Test
  void aCheckpointOfAnotherTopicOfOurNameProvesNothing() {
    assertThat(ask("a:1", null, checkpoint("zone:", new Uuid(8, 9))))
        .isEqualTo(new NotRecorded(RECORDED));
  }

  @Test
  void aCheckpointOfAnEarlierPrefixProvesThatOneOnly() {
    NodeOwners both =
        NodeOwners.NONE.with("old:", US.claimTo("a:1")).with("zone:", US.claimTo("a:1"));

    assertThat(ask("a:1", null, checkpoint("old:", TOPIC_ID))).isEqualTo(new NotRecorded(both));
  }

  @Test
  void anEvictedRecordIsWrittenAgainBesideTheOthers() {
    OwnerClaim another =
        new OwnerClaim(new Owner("cluster", "t", "g"), new Uuid(3, 4), "x:1", List.of("x:1"));
    NodeOwners others = NodeOwners.NONE.with("rates:", another);

    assertThat(ask("a:1", others, checkpoint("zone:", TOPIC_ID)))
        .isEqualTo(new ToClaim(others.with("zone:", US.claimTo("a:1"))));
  }

  @Test
  void aTopicCreatedAgainKeepsItsOwner() {
    OwnerClaim before = new OwnerClaim(US.owner(), new Uuid(8, 9), "a:1", US.writtenWith().nodes());

    assertThat(ask("a:1", NodeOwners.NONE.with("zone:", before))).isEqualTo(new ToClaim(RECORDED));
  }

  @Test
  void anotherPoolIsStillOurs() {
    OwnerClaim before = new OwnerClaim(US.owner(), TOPIC_ID, "a:1", List.of("a:1", "b:1", "c:1"));

    assertThat(ask("a:1", NodeOwners.NONE.with("zone:", before))).isEqualTo(new ToClaim(RECORDED));
  }

  @Test
  void aNodeUnderANameThatIsInNoListWasRenamed() {
    OwnerClaim before = new OwnerClaim(US.owner(), TOPIC_ID, "old-a:1", List.of("old-a:1", "b:1"));

    assertThat(ask("a:1", NodeOwners.NONE.with("zone:", before))).isEqualTo(new ToClaim(RECORDED));
  }

  @Test
  void aNodeUnderTheNameOfAnotherOfOurNodesIsSwapped() {
    assertThat(ask("b:1", RECORDED))
        .isInstanceOfSatisfying(
            Swapped.class,
            it -> assertThat(it.reason()).contains("node b:1").contains("it is a:1"));
  }

  @Test
  void anotherOwnersNodeIsNotOursWhateverCheckpointsAreThere() {
    NodeOwners others =
        NodeOwners.NONE.with(
            "zone:",
            new OwnerClaim(
                new Owner("cluster", "zones-staging", "staging"),
                new Uuid(3, 4),
                "a:1",
                List.of("a:1")));

    assertThat(ask("a:1", others, checkpoint("zone:", TOPIC_ID)))
        .isInstanceOfSatisfying(
            NotOurs.class,
            it ->
                assertThat(it.reason())
                    .contains("topic zones, group zones-sink, Kafka cluster cluster")
                    .contains("topic zones-staging, group staging, Kafka cluster cluster")
                    .contains(
                        "zonecast rebuild --take-over --topic zones --group zones-sink --key-prefix"
                            + " zone: --memcached a:1,b:1 --node a:1"));
  }

  @Test
  void anOverlappingPrefixOfOurOwnIsNoReasonToTakeOver() {
    NodeOwners own = NodeOwners.NONE.with("zone:old:", US.claimTo("a:1"));

    assertThat(ask("a:1", own))
        .isInstanceOfSatisfying(
            NotOurs.class,
            it ->
                assertThat(it.reason())
                    .contains("our own entries under another prefix overlap")
                    .doesNotContain("take-over"));
  }

  @Test
  void aRecordThatIsNotUnderstoodIsNeverWrittenOver() {
    NodeOwnership found =
        NodeOwnership.of(
            US,
            "a:1",
            "zonecast-owners/2 later".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            List.of(checkpoint("zone:", TOPIC_ID)));

    assertThat(found).isInstanceOf(NotOurs.class);
  }
}
