package io.zonecast.ingest.publish;

/**
 * One reason why nothing was published.
 *
 * @param guard which guard refused
 * @param message what it found and what to do, on one line
 */
public record Refusal(Guard guard, String message) {

  /** The guards, each with the option that overrides it. */
  public enum Guard {
    TOO_MANY_REMOVALS("--max-removed"),
    BAD_ROWS("--skip-bad-rows"),
    CONTRADICTIONS("--allow-contradictions"),
    SHAPES("--new-shapes"),
    TOO_MANY_CHANGES("--max-changed"),
    EARLY("--early"),
    ZONES("--zones"),
    EXPECTATIONS("--expect"),
    NOT_APPROVED("--approved"),
    EMPTY_FILE("--allow-empty");

    private final String option;

    Guard(String option) {
      this.option = option;
    }

    /** The option that overrides it. */
    public String option() {
      return option;
    }
  }
}
