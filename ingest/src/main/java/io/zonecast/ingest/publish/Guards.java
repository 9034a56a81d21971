package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a publish is refused for, unless the user says otherwise.
 *
 * @param maxRemovedPercent how much of a carrier's rows may go, in per cent of those in the topic
 * @param maxChangedPercent how much of a carrier's rows may change, likewise, from {@value
 *     #FEW_CHANGES} changed rows on: small tables may change as they like
 * @param rules what rows have to keep
 * @param approved the difference that was approved; empty to publish any
 * @param off the guards that are switched off: of a file with bad rows the good ones are published,
 *     of rows that contradict each other the last wins, and so on
 */
public record Guards(
    double maxRemovedPercent,
    double maxChangedPercent,
    RowRules rules,
    Optional<ApprovedPlan> approved,
    Set<Refusal.Guard> off) {
  public static final double DEFAULT_MAX_REMOVED_PERCENT = 5;
  public static final double DEFAULT_MAX_CHANGED_PERCENT = 50;
  private static final int FEW_CHANGES = 1_000;

  /** Every guard in force. */
  public static final Guards STRICT = new Guards(DEFAULT_MAX_REMOVED_PERCENT, Set.of());

  /** Without rules for rows. */
  public Guards(double maxRemovedPercent, Set<Refusal.Guard> off) {
    this(maxRemovedPercent, DEFAULT_MAX_CHANGED_PERCENT, RowRules.NONE, Optional.empty(), off);
  }

  public Guards {
    requirePercentage("--max-removed", maxRemovedPercent);
    requirePercentage("--max-changed", maxChangedPercent);
    off = Set.copyOf(off);
  }

  private static void requirePercentage(String option, double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          option + " " + percent + ": must be a percentage, 0 to 100");
    }
  }

  /** Returns every reason to refuse the difference; none if it may be published. */
  List<Refusal> refusals(ZoneDiff diff) {
    List<Refusal> refusals = new ArrayList<>();
    DiffCounts counts = diff.counts();
    if (counts.rows() == 0 && isOn(Refusal.Guard.EMPTY_FILE)) {
      refusals.add(
          new Refusal(
              Refusal.Guard.EMPTY_FILE,
              "the file has no rows; check that it is the right one, or set --allow-empty"));
    }
    if (counts.rejected() > 0 && isOn(Refusal.Guard.BAD_ROWS)) {
      refusals.add(
          new Refusal(
              Refusal.Guard.BAD_ROWS,
              number(counts.rejected(), "bad row")
                  + first(diff.problems())
                  + "; mend the file, or set --skip-bad-rows to publish the others"));
    }
    if (diff.contradictions() > 0 && isOn(Refusal.Guard.CONTRADICTIONS)) {
      refusals.add(
          new Refusal(
              Refusal.Guard.CONTRADICTIONS,
              number(diff.contradictions(), "row")
                  + " contradicting an earlier one of the same pair"
                  + first(diff.contradictionSamples())
                  + "; mend the file, or set --allow-contradictions to let the last one win"));
    }
    diff.shapes().refusals().stream().filter(found -> isOn(found.guard())).forEach(refusals::add);
    for (CarrierChange carrier : diff.carriers()) {
      if (carrier.changed() >= FEW_CHANGES
          && carrier.changed() * 100.0 > maxChangedPercent * carrier.rowsInTopic()) {
        refusals.add(new Refusal(Refusal.Guard.TOO_MANY_CHANGES, tooManyChanges(carrier)));
      }
      if (carrier.removed() * 100.0 > maxRemovedPercent * carrier.rowsInTopic()) {
        refusals.add(new Refusal(Refusal.Guard.TOO_MANY_REMOVALS, tooManyRemovals(carrier)));
      } else if (carrier.allZipsRemoved() > 0 && maxRemovedPercent < 100) {
        refusals.add(new Refusal(Refusal.Guard.TOO_MANY_REMOVALS, allZipsRemoved(carrier)));
      }
    }
    return refusals;
  }

  private boolean isOn(Refusal.Guard guard) {
    return !off.contains(guard);
  }

  /** The options that a difference can only have been published with, each once. */
  static List<String> overridden(ZoneDiff diff) {
    return STRICT.refusals(diff).stream()
        .map(refusal -> refusal.guard().option())
        .distinct()
        .toList();
  }

  private String tooManyRemovals(CarrierChange carrier) {
    double percent = 100.0 * carrier.removed() / carrier.rowsInTopic();
    return String.format(
        Locale.ROOT,
        "%,d of the %,d rows of carrier %s (%.1f %%) are not in the file and would be removed, more"
            + " than %s %%; check that the file is complete, or set --max-removed %d",
        carrier.removed(),
        carrier.rowsInTopic(),
        carrier.name(),
        percent,
        trimmed(maxRemovedPercent),
        (int) Math.min(100, Math.ceil(percent)));
  }

  private String tooManyChanges(CarrierChange carrier) {
    double percent = 100.0 * carrier.changed() / carrier.rowsInTopic();
    return String.format(
        Locale.ROOT,
        "%,d of the %,d rows of carrier %s (%.1f %%) would change, more than %s %%; check that it"
            + " is the right file and that no column has shifted, or set --max-changed %d",
        carrier.changed(),
        carrier.rowsInTopic(),
        carrier.name(),
        percent,
        trimmed(maxChangedPercent),
        (int) Math.min(100, Math.ceil(percent)));
  }

  private static String allZipsRemoved(CarrierChange carrier) {
    return String.format(
        Locale.ROOT,
        "all %,d rows of carrier %s to destinations of five digits are not in the file and would be"
            + " removed; publish them together with it (publish matrix.txt exceptions.csv), or set"
            + " --max-removed 100",
        carrier.allZipsRemoved(),
        carrier.name());
  }

  private static String trimmed(double percent) {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }

  private static String number(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }

  private static String first(List<RowProblem> problems) {
    return problems.isEmpty() ? "" : ", the first: " + problems.get(0);
  }
}
