package io.zonecast.ingest.publish;

import static java.util.Objects.requireNonNull;

import io.zonecast.schemas.TopicInfo;
import java.util.List;
import java.util.Optional;

/**
 * A difference that somebody looked at and approved: a publish of it writes exactly that, or
 * nothing.
 *
 * @param topicId the topic's id; "" if it did not exist
 * @param digest of all changes, as {@link PlanDigest#hex}
 * @param firstChanges as {@link Plan#firstChanges}, in words
 */
public record ApprovedPlan(
    String topic,
    String topicId,
    long added,
    long changed,
    long removed,
    String digest,
    List<String> firstChanges) {
  public ApprovedPlan {
    requireNonNull(topic, "topic");
    requireNonNull(topicId, "topicId");
    requireNonNull(digest, "digest");
    firstChanges = List.copyOf(firstChanges);
  }

  /** Whether the topic existed. */
  boolean knowsItsTopic() {
    return !topicId.isEmpty();
  }

  /** Refuses another difference; empty if it is this one. */
  Optional<Refusal> refusal(
      TopicInfo found, DiffCounts counts, String digestFound, List<Change> firstFound) {
    if (!found.name().equals(topic)) {
      return refuse("it is of topic " + topic);
    }
    if (knowsItsTopic() && !found.topicId().toString().equals(topicId)) {
      return refuse("topic " + topic + " was deleted and made again since");
    }
    String planned = words(added, changed, removed);
    String now = words(counts.added(), counts.changed(), counts.removed());
    if (!planned.equals(now)) {
      return refuse(
          "it has %s, and now there are %s%s".formatted(planned, now, example(firstFound)));
    }
    return digest.equals(digestFound)
        ? Optional.empty()
        : refuse("it has as many changes, and now there are other ones" + example(firstFound));
  }

  /** The first place where the changes part, if it is among those kept. */
  private String example(List<Change> firstFound) {
    for (int i = 0; i < Math.min(firstChanges.size(), firstFound.size()); i++) {
      String planned = firstChanges.get(i);
      String now = firstFound.get(i).toString();
      if (!planned.equals(now)) {
        return " (it has %s, now %s)".formatted(planned, now);
      }
    }
    return "";
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
