package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.NotOurNodeException;
import io.zonecast.sink.owner.Owner;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.owner.OwnerClaim;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Before anything is claimed: whose are the node's entries? */
class OwnerStepIT extends ProtocolStage {
  private static final Owner STAGING = new Owner("cluster", "zones-staging", "staging");
  private static final String STAGING_CHECKPOINT = CheckpointKey.of("staging", "zones-staging", 0);

  private OwnerClaim staging() {
    return new OwnerClaim(
        STAGING, new Uuid(8, 9), memcached.direct().address(), List.of("a:11211"));
  }

  private void record(NodeOwners owners) {
    raw.set(NodeOwners.KEY, new String(owners.encode(), UTF_8));
  }

  private NodeOwners recorded() {
    return NodeOwners.decode(raw.get(NodeOwners.KEY).orElseThrow().getBytes(UTF_8)).orElseThrow();
  }

  private void beginOn(WrittenWith writtenWith) throws IOException {
    tenure.end();
    begin(writtenWith, false, 0);
  }

  @Test
  void aNodeWithoutOwnerIsClaimedBeforeAnythingElseIsWritten() throws Exception {
    raw.flushAll();
    append(A, "1");

    step();

    assertThat(recorded().of(PREFIX).orElseThrow().owner())
        .isEqualTo(us(writtenWith("zone")).owner());
    stepUntilLive();
    assertThat(cached()).isEqualTo(Map.of(A, "1"));
  }

  @Test
  void anotherOwnersNodeIsLeftAsItIs() throws Exception {
    record(NodeOwners.NONE.with(PREFIX, staging()));
    raw.set(PREFIX + B, "theirs");
    append(A, "1");
    String record = raw.get(NodeOwners.KEY).orElseThrow();

    assertThatThrownBy(this::step)
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining("topic zones, group g")
        .hasMessageContaining("topic zones-staging, group staging")
        .hasMessageContaining("rebuild --take-over");

    assertThat(raw.entries("zone:")).containsExactly(Map.entry(B, "theirs"));
    assertThat(raw.get(NodeOwners.KEY)).contains(record);
    assertThat(raw.get(CHECKPOINT)).isEmpty();
  }

  @Test
  void aNodeThatBecomesAnothersUnderALiveSinkIsLeftAtOnce() throws Exception {
    append(A, "1");
    stepUntilLive();

    record(NodeOwners.NONE.with(PREFIX, staging()));

    stepUntil(() -> !connection.isOpen());
    assertThat(tenure.isOver()).isTrue();
  }

  @Test
  void aRecordThatWasEvictedIsWrittenAgainWithoutAFill() throws Exception {
    append(A, "1");
    stepUntilLive();
    long asked = group.asked;

    raw.delete(NodeOwners.KEY);

    stepUntil(() -> raw.get(NodeOwners.KEY).isPresent());
    assertThat(tenure.lanes()).allMatch(PartitionLane::isLive);
    assertThat(group.asked).isEqualTo((int) asked);
  }

  @Test
  void anotherOwnersPrefixMayAppearBesideOurs() throws Exception {
    append(A, "1");
    stepUntilLive();

    record(recorded().with("rates:", staging()));
    send(A, "2");
    stepUntil(() -> checkpoint().nextOffset() == 2);

    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void aNodeOfAnEarlierVersionIsOursByItsCheckpoint() throws Exception {
    raw.delete(NodeOwners.KEY);
    plant(live(0, now()));
    raw.set(PREFIX + A, "1");
    append(A, "1");

    stepUntilLive();

    assertThat(recorded().of(PREFIX)).isPresent();
  }

  @Test
  void zonesThatNobodyRecordsAreNotOurs() throws Exception {
    raw.delete(NodeOwners.KEY);
    raw.set(PREFIX + B, "theirs");

    assertThatThrownBy(this::step)
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining("holds zone:" + B);

    assertThat(raw.get(NodeOwners.KEY)).isEmpty();
  }

  @Test
  void zonesOfASinkOfOursThatClaimsTheNodeWhileWeLookAreOurs() throws Exception {
    raw.delete(NodeOwners.KEY);
    WrittenWith ours = writtenWith("zone");
    OwnerCheck check = new OwnerCheck(us(ours), ConnectionSettings.DEFAULT, List::of);
    OwnerCheck.Look open = check.look(connection);
    assertThat(open.found()).isInstanceOf(NodeOwnership.NotRecorded.class);

    record(NodeOwners.NONE.with(PREFIX, us(ours).claimTo(address().toString())));
    raw.set(PREFIX + B, "1");

    assertThat(check.findOut(connection, open, false).found())
        .isInstanceOf(NodeOwnership.Ours.class);
  }

  @Test
  void anotherGroupsCheckpointUnderThePrefixMeansThatItMayComeBack() throws Exception {
    raw.delete(NodeOwners.KEY);
    raw.set(STAGING_CHECKPOINT, new String(live(0, now()).encode(), UTF_8));

    assertThatThrownBy(this::step)
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining(STAGING_CHECKPOINT);
  }

  @Test
  void anotherGroupsCheckpointUnderAnotherPrefixDoesNoHarm() throws Exception {
    raw.delete(NodeOwners.KEY);
    Checkpoint theirs =
        Checkpoint.filling(
            TOPIC_ID,
            0,
            Checkpoint.RELEASED,
            new WrittenWith("rates:", "zone", 0, "modulo", List.of("a:11211")),
            0,
            List.of());
    raw.set(STAGING_CHECKPOINT, new String(theirs.encode(), UTF_8));
    append(A, "1");

    stepUntilLive();

    assertThat(cached()).isEqualTo(Map.of(A, "1"));
  }

  @Test
  void aWipedNodeIsStillOursThoughALateEntryHasLanded() throws Exception {
    append(A, "1");
    stepUntilLive();
    raw.flushAll();
    raw.set(PREFIX + B, "late");

    stepUntilAnswering(() -> cached().equals(Map.of(A, "1")));

    assertThat(recorded().of(PREFIX)).isPresent();
  }

  @Test
  void aSinkThatStartsOnAWipedNodeKnowsByItsGroupThatTheNodeIsOurs() throws Exception {
    raw.flushAll();
    raw.set(PREFIX + B, "late");
    group.formerWriters = List.of(STRANGER);
    append(A, "1");

    stepUntilAnswering(() -> cached().equals(Map.of(A, "1")));

    assertThat(recorded().of(PREFIX)).isPresent();
  }

  @Test
  void aFormerOwnerTakesNothingBackBecauseTheRecordIsGone() throws Exception {
    raw.delete(NodeOwners.KEY);
    raw.set(PREFIX + B, "theirs");
    raw.set(STAGING_CHECKPOINT, new String(live(0, now()).encode(), UTF_8));
    group.formerWriters = List.of(STRANGER);

    assertThatThrownBy(this::step)
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining(STAGING_CHECKPOINT);

    assertThat(cached()).isEqualTo(Map.of(B, "theirs"));
  }

  @Test
  void anothersNodeThatWasWipedIsLeftToItsOwnerFirst() throws Exception {
    pool = List.of(new NodeAddress("127.0.0.1", 1), address());
    record(NodeOwners.NONE.with(PREFIX, staging()));
    beginOn(writtenWith("zone"));
    step();
    assertThat(tenureStall()).contains("topic zones-staging");

    raw.flushAll();
    timing.passed = Duration.ofSeconds(5);
    step();
    assertThat(raw.get(NodeOwners.KEY)).isEmpty();
    assertThat(tenureStall()).contains("has been emptied: left to that one for 10 s");

    timing.passed = Duration.ofSeconds(11);
    step();
    assertThat(recorded().of(PREFIX)).isPresent();
  }

  @Test
  void twoNodesThatHaveChangedPlacesAreLeftAsTheyAre() throws Exception {
    String other = "127.0.0.1:1";
    WrittenWith two =
        new WrittenWith(PREFIX, "zone", 0, "modulo", List.of(other, address().toString()));
    record(NodeOwners.NONE.with(PREFIX, us(two).claimTo(other)));
    raw.set(PREFIX + B, "as it was");
    beginOn(two);

    step();

    assertThat(tenureStall()).contains("it records that it is " + other);
    assertThat(cached()).isEqualTo(Map.of(B, "as it was"));
  }

  @Test
  void oneServerUnderTwoNamesEndsTheSink() throws Exception {
    pool = List.of(address(), new NodeAddress("localhost", address().port()));
    beginOn(writtenWith("zone"));
    step();
    var twin = new OwnerStep(context, new NodeAddress("localhost", address().port()));

    assertThatThrownBy(() -> twin.allows(connection, tenure.lanes()))
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining(address() + " and localhost:" + address().port());
  }

  @Test
  void otherSettingsAreRefusedBeforeTheirPrefixIsClaimed() throws Exception {
    append(A, "1");
    stepUntilLive();
    String before = raw.get(NodeOwners.KEY).orElseThrow();
    beginOn(new WrittenWith("other:", "zone", 0, "modulo", List.of("a:11211")));

    assertThatThrownBy(this::step).isInstanceOf(SettingsDifferException.class);

    assertThat(raw.get(NodeOwners.KEY)).contains(before);
  }

  private NodeAddress address() {
    return new NodeAddress(memcached.direct().host(), memcached.direct().port());
  }
}
