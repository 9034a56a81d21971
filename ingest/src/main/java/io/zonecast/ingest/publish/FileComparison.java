package io.zonecast.ingest.publish;

import io.zonecast.ingest.publish.TopicDigest.Verdict;
import io.zonecast.ingest.source.Column;
import io.zonecast.ingest.source.Doubt;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.ZoneFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a file's rows with the topic's, each exactly once and in order, and remembers a bit for
 * each: whether it is to be published. Of the rows of a pair that contradict each other the last
 * counts. Not thread-safe.
 */
final class FileComparison {
  private static final int MAX_PROBLEMS_KEPT = 100;

  private final TopicDigest topic;
  private final TextNumbers values;
  private final CoveredCarriers carriers;
  private final CarrierCodes codes;
  private final ShapeGuard shapes;
  private final Edition edition;
  private final RowRules rules;

  /** Whether a carrier may have a zone, both by their numbers. */
  private final Map<Long, Boolean> zonesPermitted = new HashMap<>();

  /** Which files cover one origin of their carriers only. */
  private final BitSet ofOneOrigin = new BitSet();

  private final boolean rememberBefore;
  private final BitSet toPublish = new BitSet();
  private final RowChunk kept;
  private final Contradictions contradictions;
  private final List<RowProblem> problems = new ArrayList<>();
  private final DigestTable lastRows = new DigestTable();

  /** The last file that has a key, of files after the first; only where later files win. */
  private final DigestTable ofLaterFiles = new DigestTable();

  private final Counts counts = new Counts();
  private int[] before = new int[16];
  private int beforeSize;
  private long rows;
  private long differing;
  private long flagged;
  private long early;
  private int earliest = Integer.MAX_VALUE;
  private boolean hasZips;

  /**
   * @param edition whose rows they are; a file of changes covers no carrier
   * @param rowsKept how many differing rows are kept, in place of another reading of the file
   * @param rememberBefore whether to keep, at four bytes a change, what it replaces
   */
  FileComparison(
      TopicDigest topic, Edition edition, RowRules rules, int rowsKept, boolean rememberBefore) {
    this.kept = new RowChunk(rowsKept);
    this.topic = topic;
    this.values = topic.values();
    this.carriers = topic.carriers();
    this.codes = topic.codes();
    this.shapes = topic.shapes();
    this.edition = edition;
    this.rules = rules;
    for (int file = 0; file < edition.files().size(); file++) {
      ofOneOrigin.set(file, edition.files().get(file).format().ofOneOrigin());
    }
    this.contradictions = new Contradictions(edition);
    this.rememberBefore = rememberBefore;
  }

  /**
   * Takes the rows that follow.
   *
   * @param block the digests of {@code chunk}
   */
  void accept(RowChunk chunk, DigestBlock block) {
    if (chunk.firstOrdinal() != rows) {
      throw new IllegalStateException(
          "a chunk that begins at row " + chunk.firstOrdinal() + " follows row " + rows);
    }
    if (rows + block.size() > DigestTable.MAX_STATE) {
      throw new IllegalArgumentException(
          "the file has more than 268,435,455 rows; split it by carrier");
    }
    for (int row = 0; row < block.size(); row++) {
      RowProblem problem = block.kind(row) == Kind.UPSERT ? problem(chunk, block, row) : null;
      if (problem != null && problems.size() < MAX_PROBLEMS_KEPT) {
        problems.add(problem.in(edition.placeOf(chunk.file(row))));
      }
      if (problem != null || block.kind(row) == Kind.REJECTED) {
        reject(block, row);
      } else {
        compare(chunk, block, row);
      }
    }
    rows += block.size();
  }

  /** What only the topic can tell of a row: null if it is good. */
  private @Nullable RowProblem problem(RowChunk chunk, DigestBlock block, int row) {
    for (Doubt doubt : chunk.doubts(row)) {
      boolean known =
          switch (doubt.column()) {
            case ORIGIN -> codes.isLive(block.origin(row));
            case DESTINATION -> codes.isLive(block.destination(row));
            default -> topic.holds(block, row);
          };
      if (!known) {
        return doubt.problem();
      }
    }
    if (!isZonePermitted(block, row) && !topic.holds(block, row)) {
      return new RowProblem(
          chunk.line(row),
          Column.ZONE.header(),
          '"' + chunk.zoneText(row) + '"',
          rules.zones().reason(carriers.names().first(block.carrier(row))));
    }
    RowProblem origin = misspelt(chunk, row, Column.ORIGIN, block.carrier(row), block.origin(row));
    return origin == null
        ? misspelt(chunk, row, Column.DESTINATION, block.carrier(row), block.destination(row))
        : origin;
  }

  private boolean isZonePermitted(DigestBlock block, int row) {
    return rules.zones().isEmpty()
        || zonesPermitted.computeIfAbsent(
            (long) block.carrier(row) << Integer.SIZE | block.value(row),
            key ->
                rules
                    .zones()
                    .permit(
                        carriers.names().first(block.carrier(row)),
                        values.first(block.value(row))));
  }

  private @Nullable RowProblem misspelt(
      RowChunk chunk, int row, Column column, int carrier, int code) {
    String known = codes.bring(carrier, code);
    return known == null
        ? null
        : new RowProblem(
            chunk.line(row),
            column.header(),
            '"' + codes.names().second(code) + '"',
            "differs from \"" + known + "\" only in upper and lower case: write it so");
  }

  private void reject(DigestBlock block, int row) {
    counts.rejected++;
    if (block.hasKey(row)) {
      topic.keep(block, row);
    } else if (block.carrier(row) == DigestBlock.NO_CARRIER) {
      carriers.withholdAll();
    } else {
      carriers.withhold(block.carrier(row));
    }
  }

  private void compare(RowChunk chunk, DigestBlock block, int row) {
    if (edition.delta()) {
      carriers.mention(block.carrier(row));
    } else if (ofOneOrigin.get(chunk.file(row))) {
      carriers.cover(block.carrier(row), block.origin(row));
    } else {
      carriers.cover(block.carrier(row));
    }
    flagged += saysExceptions(chunk, row) ? 1 : 0;
    hasZips |= carriers.isZip(block.destination(row));
    boolean replacesAnEarlierFile = isFirstOfItsFile(chunk, block, row);
    Verdict verdict = topic.row(block, row);
    int ordinal = (int) (rows + row);
    Verdict superseded = topic.superseded();
    if (superseded != null) {
      if (!replacesAnEarlierFile) {
        contradictions.add(chunk, row);
      }
      counts.add(superseded, -1);
      if (superseded == Verdict.CHANGED) {
        carriers.changed(block, row, -1);
      }
      counts.repeated++;
      lastRows.exchange(block.firstDigest(row), block.secondDigest(row), ordinal + 1);
    }
    counts.add(verdict, 1);
    if (verdict == Verdict.CHANGED) {
      carriers.changed(block, row, 1);
    }
    if (verdict != Verdict.UNCHANGED && verdict != Verdict.REPEATED) {
      toPublish.set(ordinal);
      if (verdict != Verdict.REMOVED) {
        shapes.row(chunk, row, block, verdict == Verdict.ADDED);
        if (rules.isEarly(chunk.effectiveEpochDay(row))) {
          early++;
          earliest = Math.min(earliest, chunk.effectiveEpochDay(row));
        }
      }
      differing++;
      if (!kept.isFull()) {
        kept.addCopy(chunk, row);
      }
      if (rememberBefore) {
        if (beforeSize == before.length) {
          before = Arrays.copyOf(before, beforeSize + (beforeSize >> 1));
        }
        before[beforeSize++] = topic.before();
      }
    }
  }

  private boolean saysExceptions(RowChunk chunk, int row) {
    ZoneFile file = edition.files().get(chunk.file(row));
    return chunk.flagsLength(row) == 1
        && file.format().saysExceptions(chunk.bytes()[chunk.flagsOffset(row)]);
  }

  /** Whether later files win, and no earlier row of this one has the key. */
  private boolean isFirstOfItsFile(RowChunk chunk, DigestBlock block, int row) {
    int file = chunk.file(row);
    return edition.laterFilesWin()
        && file > 0
        && ofLaterFiles.exchange(block.firstDigest(row), block.secondDigest(row), file) != file;
  }

  private static final class Counts {
    private long added;
    private long changed;
    private long removed;
    private long unchanged;
    private long repeated;
    private long rejected;

    void add(Verdict verdict, int by) {
      switch (verdict) {
        case ADDED -> added += by;
        case CHANGED -> changed += by;
        case REMOVED -> removed += by;
        case UNCHANGED -> unchanged += by;
        case REPEATED -> repeated += by;
      }
    }
  }

  /** The ordinals of the rows to publish, except those that {@link #lastRows} rules out. */
  BitSet toPublish() {
    return toPublish;
  }

  /**
   * Of each pair that rows contradict each other about, the ordinal of the row that counts, and one
   * more, since a state is never 0.
   */
  DigestTable lastRows() {
    return lastRows;
  }

  /** The rows to publish, if they are few; empty if only another reading of the file has them. */
  Optional<RowChunk> kept() {
    return kept.size() == differing ? Optional.of(kept) : Optional.empty();
  }

  /** The first rows that are bad by what the topic has. */
  List<RowProblem> problems() {
    return problems;
  }

  Contradictions contradictions() {
    return contradictions;
  }

  /** Refuses rows that take effect later than today; empty if there are none. */
  Optional<Refusal> earlyRows() {
    return early == 0
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.Guard.EARLY,
                String.format(
                    Locale.ROOT,
                    "%,d rows take effect on %s or later, and today is %s (UTC); publish them then,"
                        + " or set --early",
                    early,
                    LocalDate.ofEpochDay(earliest),
                    rules.today())));
  }

  /** A line where the rows say that five-digit destinations differ, and the edition has none. */
  Optional<String> missingExceptions() {
    return flagged == 0 || hasZips
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%,d rows say by their flag that some five-digit destinations have other zones, and"
                    + " the edition has none of these; publish them with it (publish matrix.txt"
                    + " exceptions.csv)",
                flagged));
  }

  /** As {@link TopicDigest#before}: what the {@code n}th of {@link #toPublish} replaces. */
  int before(int n) {
    return rememberBefore ? before[n] : DigestBlock.NO_VALUE;
  }

  /** The counts, those of the rows that left the file among them. */
  DiffCounts counts() {
    long left = carriers.changes().stream().mapToLong(CarrierChange::removed).sum();
    return new DiffCounts(
        rows,
        counts.added,
        counts.changed,
        counts.removed + left,
        counts.unchanged,
        counts.repeated,
        counts.rejected);
  }
}
