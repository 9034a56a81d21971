package io.zonecast.bench.measure;

import java.util.concurrent.Callable;

/**
 * One way of doing the work, run several times in turn with the others.
 *
 * @param preparation brings everything to where a run begins; not measured
 * @param work does the work once, and measures only that
 * @param extrapolatedTo how many entries the rate is extrapolated to; 0 if the work is done whole.
 *     A loop that would take minutes is measured on a slice, and the report says so.
 */
public record Contestant(
    String name, Preparation preparation, Callable<Measurement> work, long extrapolatedTo) {
  /** Work that is done whole. */
  public Contestant(String name, Preparation preparation, Callable<Measurement> work) {
    this(name, preparation, work, 0);
  }

  /** What comes before a run. */
  public interface Preparation {
    void prepare() throws Exception;
  }
}
