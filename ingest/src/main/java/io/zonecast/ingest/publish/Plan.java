package io.zonecast.ingest.publish;

import java.util.List;

/**
 * What a publish would do.
 *
 * @param topicId the topic's id; "" if there is no such topic
 * @param refusals why a publish would be refused; empty if it would not
 * @param firstChanges the first {@value #SAMPLE} changes, in file order, removed rows last
 */
public record Plan(
    PublishReport report, String topicId, List<Refusal> refusals, List<Change> firstChanges) {
  /** How many changes a plan keeps. */
  public static final int SAMPLE = 20;

  public Plan {
    refusals = List.copyOf(refusals);
    firstChanges = List.copyOf(firstChanges);
  }
}
