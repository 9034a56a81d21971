package io.zonecast.bench.measure;

/** One way of doing the work, run several times in turn with the others. */
public abstract class Contestant {
  private final String name;

  /** A contestant that tables call by {@code name}. */
  protected Contestant(String name) {
    this.name = name;
  }

  /** What the table calls it. */
  public final String name() {
    return name;
  }

  /** Brings everything to where a run begins; not measured. By itself it does nothing. */
  public void prepare() throws Exception {}

  /** Does the work once, and measures only that. */
  public abstract Measurement run() throws Exception;

  /**
   * How many entries the rate is extrapolated to; 0 if the work was done whole. A loop that would
   * take minutes is measured on a slice, and the report says so.
   */
  public long extrapolatedTo() {
    return 0;
  }
}
