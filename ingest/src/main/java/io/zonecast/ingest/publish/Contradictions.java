package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.RangeNames;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.ingest.source.ZoneFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of an edition that say otherwise than an earlier one of their pair. */
final class Contradictions {
  private static final int MAX_KEPT = 20;

  private record Sample(String key, String zone, int file, long line) {}

  private final Edition edition;
  private final List<Sample> samples = new ArrayList<>();
  private long count;

  Contradictions(Edition edition) {
    this.edition = edition;
  }

  void add(RowChunk chunk, int row) {
    if (count++ < MAX_KEPT) {
      samples.add(
          new Sample(chunk.keyText(row), said(chunk, row), chunk.file(row), chunk.line(row)));
    }
  }

  long count() {
    return count;
  }

  /**
   * The first of them, each with the row that it contradicts. Only another reading knows that one,
   * up to where the last is found.
   *
   * @throws ZoneFileException if a file cannot be read again
   */
  List<RowProblem> samples(RangeNames names, int chunkRows) throws ZoneFileException {
    if (samples.isEmpty()) {
      return List.of();
    }
    @Nullable RowProblem[] problems = new RowProblem[samples.size()];
    int missing = problems.length;
    RowChunk chunk = new RowChunk(chunkRows);
    try (RowReader reader = edition.read(bytes -> {}, names)) {
      while (missing > 0 && reader.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          for (int i = 0; i < problems.length; i++) {
            if (problems[i] == null && contradicts(samples.get(i), chunk, row)) {
              problems[i] = problem(samples.get(i), chunk, row);
              missing--;
            }
          }
        }
      }
    }
    return Stream.of(problems).filter(Objects::nonNull).toList();
  }

  private boolean contradicts(Sample later, RowChunk chunk, int row) {
    return chunk.keyLength(row) == later.key.length()
        && chunk.kind(row) != Kind.REJECTED
        && chunk.doubts(row).isEmpty()
        && (!edition.laterFilesWin() || chunk.file(row) == later.file)
        && chunk.keyText(row).equals(later.key)
        && !said(chunk, row).equals(later.zone);
  }

  private RowProblem problem(Sample later, RowChunk chunk, int row) {
    String file = edition.placeOf(chunk.file(row));
    return new RowProblem(
        edition.placeOf(later.file),
        later.line,
        "zone",
        '"' + later.zone + '"',
        "is not \"%s\", as %sline %d says of %s"
            .formatted(
                said(chunk, row), file.isEmpty() ? "" : file + " ", chunk.line(row), later.key));
  }

  private static String said(RowChunk chunk, int row) {
    return chunk.kind(row) == Kind.DELETE
        ? "delete"
        : (chunk.zoneText(row) + " " + chunk.flagsText(row)).strip();
  }
}
