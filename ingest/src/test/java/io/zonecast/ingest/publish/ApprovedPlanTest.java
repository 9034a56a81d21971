package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApprovedPlanTest {
  private static final Change ADDED = change("usps:005:006", null, "4");
  private static final Change CHANGED = change("usps:005:007", "4", "5 *");
  private static final Change REMOVED = change("usps:005:008", "4", null);
  private static final DiffCounts COUNTS = new DiffCounts(2, 1, 1, 1, 0, 0, 0);
  private static final TopicInfo TOPIC = topic("zones");

  private final ApprovedPlan plan = plan(TOPIC);

  @Test
  void sameChangesInAnyOrderAreApproved() {
    assertThat(plan.refusal(TOPIC, COUNTS, digest(REMOVED, CHANGED, ADDED), List.of(REMOVED)))
        .isEmpty();
  }

  @Test
  void otherCountsAreNamed() {
    assertThat(refusal(TOPIC, new DiffCounts(3, 2, 1, 1, 0, 0, 0), digest(ADDED)))
        .isEqualTo(
            "the difference is not the approved one: it has 1 added, 1 changed, 1 removed, and now"
                + " there are 2 added, 1 changed, 1 removed; plan again, look, and leave out"
                + " --approved or give the new plan");
  }

  @Test
  void otherChangesOfTheSameNumberAreRefused() {
    List<Change> others =
        List.of(
            change("usps:005:009", "4", "5 *"),
            change("usps:005:007", "3", "5 *"),
            change("usps:005:007", "4", "6 *"),
            change("usps:005:007", "4", "5"));

    assertThat(others)
        .allSatisfy(
            other ->
                assertThat(refusal(TOPIC, COUNTS, digest(ADDED, other, REMOVED)))
                    .contains("as many changes, and now there are other ones"));
  }

  @Test
  void firstChangeThatIsAnotherIsNamed() {
    Change other = change("usps:005:007", "4", "6 *");
    List<Change> found = List.of(ADDED, other, REMOVED);

    assertThat(plan.refusal(TOPIC, COUNTS, digest(ADDED, other, REMOVED), found).orElseThrow())
        .extracting(Refusal::message)
        .asString()
        .contains("other ones (it has usps:005:007 4 → 5 *, now usps:005:007 4 → 6 *); plan again");
  }

  @Test
  void swappedZonesAreOtherChanges() {
    assertThat(digest(change("usps:1:1", null, "4"), change("usps:1:2", null, "5")))
        .isNotEqualTo(digest(change("usps:1:1", null, "5"), change("usps:1:2", null, "4")));
  }

  @Test
  void planOfAnotherTopicIsRefused() {
    String digest = digest(ADDED, CHANGED, REMOVED);

    assertThat(refusal(topic("prices"), COUNTS, digest)).contains("it is of topic zones");
    assertThat(refusal(topic("zones"), COUNTS, digest)).contains("was deleted and made again");
  }

  @Test
  void topicMayHaveBeenMadeSinceThePlan() {
    ApprovedPlan before = new ApprovedPlan("zones", "", 1, 1, 1, plan.digest(), List.of());

    assertThat(before.refusal(TOPIC, COUNTS, plan.digest(), List.of())).isEmpty();
  }

  private String refusal(TopicInfo topic, DiffCounts counts, String digest) {
    Refusal refusal = plan.refusal(topic, counts, digest, List.of(ADDED)).orElseThrow();
    assertThat(refusal.guard()).isEqualTo(Refusal.Guard.NOT_APPROVED);
    return refusal.message();
  }

  private static ApprovedPlan plan(TopicInfo topic) {
    return new ApprovedPlan(
        topic.name(),
        topic.topicId().toString(),
        1,
        1,
        1,
        digest(ADDED, CHANGED, REMOVED),
        List.of(ADDED.toString(), CHANGED.toString(), REMOVED.toString()));
  }

  private static String digest(Change... changes) {
    PlanDigest digest = new PlanDigest();
    Arrays.stream(changes).forEach(digest::add);
    return digest.hex();
  }

  private static TopicInfo topic(String name) {
    return new TopicInfo("cluster", name, Uuid.randomUuid(), 6, Duration.ofDays(1));
  }

  private static Change change(String key, @Nullable String before, @Nullable String after) {
    return new Change(key, value(before), value(after));
  }

  private static Optional<Change.Value> value(@Nullable String text) {
    return Optional.ofNullable(text)
        .map(its -> its.split(" ", -1))
        .map(parts -> new Change.Value(parts[0], parts.length > 1 ? parts[1] : ""));
  }
}
