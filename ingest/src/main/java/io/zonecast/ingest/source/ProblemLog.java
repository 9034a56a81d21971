package io.zonecast.ingest.source;

import java.util.ArrayList;
import java.util.List;

/**
 * The problems met, up to a cap: a file in the wrong format has one for each of its rows. What a
 * bad row leads to is decided in {@code ingest.publish}: {@code Guards} refuses the file, and
 * {@code FileComparison} keeps what the topic has under the row's key.
 */
final class ProblemLog {
  static final int MAX_KEPT = 100;

  private final List<RowProblem> kept = new ArrayList<>();

  /** Whether a problem would be kept; if not, no one need phrase it. */
  boolean hasRoom() {
    return kept.size() < MAX_KEPT;
  }

  void add(RowProblem problem) {
    if (hasRoom()) {
      kept.add(problem);
    }
  }

  List<RowProblem> kept() {
    return List.copyOf(kept);
  }
}
