package io.zonecast.ingest.publish;

import io.zonecast.schemas.TopicInfo;
import java.util.Optional;

/**
 * A difference that somebody looked at and approved: a publish of it writes exactly that, or
 * nothing.
 *
 * @param topicId the topic's id; "" if it did not exist
 * @param digest of all changes, as {@link PlanDigest#hex}
 */
public record ApprovedPlan(
    String topic, String topicId, long added, long changed, long removed, String digest) {

  /** Refuses another difference; empty if it is this one. */
  Optional<Refusal> refusal(TopicInfo found, DiffCounts counts, String digestFound) {
    if (!found.name().equals(topic)) {
      return refuse("it is of topic " + topic);
    }
    if (!topicId.isEmpty() && !found.topicId().toString().equals(topicId)) {
      return refuse("topic " + topic + " was deleted and made again since");
    }
    String planned = words(added, changed, removed);
    String now = words(counts.added(), counts.changed(), counts.removed());
    if (!planned.equals(now)) {
      return refuse("it has %s, and now there are %s".formatted(planned, now));
    }
    return digest.equals(digestFound)
        ? Optional.empty()
        : refuse("it has as many changes, and now there are other ones");
  }

  private static String words(long added, long changed, long removed) {
    return "%d added, %d changed, %d removed".formatted(added, changed, removed);
  }

  private static Optional<Refusal> refuse(String why) {
    return Optional.of(
        new Refusal(
            Refusal.Guard.NOT_APPROVED,
            "the difference is not the approved one: "
                + why
                + "; plan again, look, and leave out --approved or give the new plan"));
  }
}
