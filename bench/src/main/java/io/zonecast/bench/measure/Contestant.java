package io.zonecast.bench.measure;

/** One way of doing the work, run several times in turn with the others. */
public interface Contestant {

  /** What the table calls it. */
  String name();

  /** Brings everything to where a run begins; not measured. By itself it does nothing. */
  default void prepare() throws Exception {}

  /** Does the work once, and measures only that. */
  Measurement run() throws Exception;

  /**
   * How many entries the rate is extrapolated to; 0 if the work was done whole. A loop that would
   * take minutes is measured on a slice, and the report says so.
   */
  default long extrapolatedTo() {
    return 0;
  }
}
