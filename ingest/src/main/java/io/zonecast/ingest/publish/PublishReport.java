package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowProblem;
import java.time.Duration;
import java.util.List;

/**
 * What was found out about a file, and sent.
 *
 * @param topic the topic it was compared with
 * @param file the file's name, without its folder
 * @param checksum SHA-256 of the file as it lies on disk, in hexadecimal
 * @param bytes the keys and values of the difference, before compression
 * @param elapsed from the start to the outcome
 * @param problems the first of the bad rows ({@link DiffCounts#rejected} counts all)
 * @param contradictions the first rows that contradict an earlier one
 * @param carriers what it means for each carrier that the file covers, in alphabetical order
 */
public record PublishReport(
    String topic,
    String file,
    String checksum,
    DiffCounts counts,
    long bytes,
    Duration elapsed,
    List<RowProblem> problems,
    List<RowProblem> contradictions,
    List<CarrierChange> carriers) {
  public PublishReport {
    problems = List.copyOf(problems);
    contradictions = List.copyOf(contradictions);
    carriers = List.copyOf(carriers);
  }
}
