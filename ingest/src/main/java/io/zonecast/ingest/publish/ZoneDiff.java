package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowProblem;
import java.util.List;

/**
 * What the comparison of a file with the topic found, as far as a decision needs it.
 *
 * @param checksum SHA-256 of the file that was compared
 * @param contradictions how many rows contradict an earlier one
 * @param contradictionSamples the first of them
 * @param problems the first of the rejected rows
 */
record ZoneDiff(
    String checksum,
    DiffCounts counts,
    List<CarrierChange> carriers,
    long contradictions,
    List<RowProblem> contradictionSamples,
    List<RowProblem> problems) {
  ZoneDiff {
    carriers = List.copyOf(carriers);
    contradictionSamples = List.copyOf(contradictionSamples);
    problems = List.copyOf(problems);
  }

  /** How many rows of the topic are not in the file and are to go. */
  long leftTheFile() {
    return carriers.stream().mapToLong(CarrierChange::removed).sum();
  }
}
