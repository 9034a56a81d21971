package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowProblem;
import java.util.List;

/**
 * What the comparison of a file with the topic found.
 *
 * @param checksums SHA-256 of each file as it lies on disk, in hexadecimal
 * @param carriers what it means for each carrier that the file covers, in alphabetical order
 * @param contradictions how many rows contradict an earlier one
 * @param contradictionSamples the first of them
 * @param problems the first of the bad rows ({@link DiffCounts#rejected} counts all)
 * @param misplaced records of the topic on another partition than their key's: no rows
 */
public record ZoneDiff(
    List<String> checksums,
    DiffCounts counts,
    List<CarrierChange> carriers,
    long contradictions,
    List<RowProblem> contradictionSamples,
    List<RowProblem> problems,
    long misplaced,
    Shapes shapes) {
  /**
   * What the rows look like beside those of the topic.
   *
   * @param refusals what the rows themselves are refused for
   * @param notes what is worth a look, a line each
   * @param expandedLines how many lines of the file stand for more than one row
   * @param expandedRows how many rows these stand for
   */
  public record Shapes(
      List<Refusal> refusals, List<String> notes, long expandedLines, long expandedRows) {
    /** Nothing found. */
    public static final Shapes USUAL = new Shapes(List.of(), List.of(), 0, 0);
  }

  public ZoneDiff {
    checksums = List.copyOf(checksums);
    carriers = List.copyOf(carriers);
    contradictionSamples = List.copyOf(contradictionSamples);
    problems = List.copyOf(problems);
  }

  /** How many rows of the topic are not in the file and are to go. */
  long leftTheFile() {
    return carriers.stream().mapToLong(CarrierChange::removed).sum();
  }
}
