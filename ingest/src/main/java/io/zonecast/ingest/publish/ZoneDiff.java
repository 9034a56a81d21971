package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowProblem;
import java.util.List;

/**
 * What the comparison of a file with the topic found.
 *
 * @param checksum SHA-256 of the file as it lies on disk, in hexadecimal
 * @param carriers what it means for each carrier that the file covers, in alphabetical order
 * @param contradictions how many rows contradict an earlier one
 * @param contradictionSamples the first of them
 * @param problems the first of the bad rows ({@link DiffCounts#rejected} counts all)
 * @param misplaced records of the topic on another partition than their key's: no rows
 */
public record ZoneDiff(
    String checksum,
    DiffCounts counts,
    List<CarrierChange> carriers,
    long contradictions,
    List<RowProblem> contradictionSamples,
    List<RowProblem> problems,
    long misplaced) {
  public ZoneDiff {
    carriers = List.copyOf(carriers);
    contradictionSamples = List.copyOf(contradictionSamples);
    problems = List.copyOf(problems);
  }

  /** How many rows of the topic are not in the file and are to go. */
  long leftTheFile() {
    return carriers.stream().mapToLong(CarrierChange::removed).sum();
  }
}
