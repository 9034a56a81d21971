package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whether a node has room for its share, worked out from the rows: before it is filled, or while.
 */
class NodeMemoryIT extends ProtocolStage {
  /** In memcached's smallest memory there is no room for so many. */
  private static final int MANY = 100_000;

  private static final int SMALLEST_MEGABYTES = 8;

  /** Empty and of its usual size: what its slab classes have been given, they keep. */
  @BeforeEach
  void beginWithANewNode() throws Exception {
    memcached.direct().restartEmpty();
    begin(writtenWith("zone"), false, 0);
  }

  @Test
  void aStrictSinkCountsBeforeItWrites() throws Exception {
    strictMemory = true;
    begin(writtenWith("zone"), false, 0);
    append(A, "1");
    append(B, "2");
    append(B, null);

    stepUntil(fills::isAsked);
    fills.answer();
    stepUntil(fills::isAsked);

    assertThat(cached()).isEmpty();
    assertThat(events.verdicts)
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.fits()).isTrue();
              assertThat(verdict.entries()).isEqualTo(1);
            });
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aRightThatIsMissingWhereRowsAreCountedEndsTheKeeper() throws Exception {
    strictMemory = true;
    begin(writtenWith("zone"), false, 0);
    stepUntil(fills::isAsked);

    fills.fail(new TopicAuthorizationException(Set.of("zones")));

    assertThatThrownBy(this::step).isInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void aStrictSinkLeavesANodeAsItIsThatIsTooSmallUntilItHasBeenGivenMore() throws Exception {
    raw.limitMemory(SMALLEST_MEGABYTES);
    plantOwners();
    raw.set(PREFIX + A, "as it was");
    appendMany();
    strictMemory = true;
    begin(writtenWith("zone"), false, 0);

    stepUntil(fills::isAsked);
    fills.answer();
    stepUntil(() -> !tenureStall().isEmpty());

    assertThat(tenureStall())
        .contains("100,000 entries need about 10 MB and it has 8: start it with -m 11");
    assertThat(raw.get(PREFIX + A)).contains("as it was");
    assertThat(cached()).hasSize(1);

    raw.limitMemory(64);
    stepUntilLive();

    assertThat(tenureStall()).isEmpty();
    assertThat(fills.asked()).as("one reading to count, one to fill").isEqualTo(2);
    assertThat(raw.entryCount()).isGreaterThanOrEqualTo(MANY);
  }

  @Test
  void aStrictSinkCountsAgainAfterAMinuteSinceTheTopicMayHaveShrunk() throws Exception {
    raw.limitMemory(SMALLEST_MEGABYTES);
    appendMany();
    strictMemory = true;
    begin(writtenWith("zone"), false, 0);
    stepUntil(fills::isAsked);
    fills.answer();
    stepUntil(() -> !tenureStall().isEmpty());

    for (int i = 1; i < MANY; i++) {
      append(manyth(i), null);
    }
    timing.passed = Duration.ofMinutes(2);
    stepUntilLive();

    assertThat(fills.asked()).as("two readings to count, one to fill").isEqualTo(3);
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aNodeThatResumesIsNotCounted() throws Exception {
    strictMemory = true;
    append(A, "1");
    plant(live(1, now()).released());
    begin(writtenWith("zone"), false, 0);

    stepUntilLive();

    assertThat(fills.asked()).isEqualTo(1);
    assertThat(events.verdicts).isEmpty();
  }

  @Test
  void withoutBeingStrictTheNodeIsFilledAndToldThatItIsTooSmall() throws Exception {
    raw.limitMemory(SMALLEST_MEGABYTES);
    appendMany();

    stepUntilLive();

    assertThat(events.verdicts)
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.fits()).isFalse();
              assertThat(verdict.entries()).isEqualTo(MANY);
            });
    stepUntil(() -> !memory.degradedFor().isEmpty());
    assertThat(memory.degradedFor())
        .containsPattern(
            "evicted [0-9,]+ entries: it needs about 10 MB and has 8: start it with -m 11 or add a"
                + " node");
  }

  @Test
  void whatOtherMembersHoldIsTakenToBeAlike() throws Exception {
    partitions = 4;
    begin(writtenWith("zone"), false, 0);
    append(A, "1");
    append(B, "1");

    stepUntilLive();

    assertThat(events.verdicts)
        .singleElement()
        .satisfies(verdict -> assertThat(verdict.entries()).isEqualTo(8));
  }

  private void appendMany() {
    for (int i = 0; i < MANY; i++) {
      append(manyth(i), "1");
    }
  }

  private static String manyth(int i) {
    return "usps:%03d:%03d".formatted(i / 1_000, i % 1_000);
  }
}
