package io.zonecast.sink.cache;

/** Hears how long each set-many took, whatever became of it. Called where its listener is. */
@FunctionalInterface
public interface BatchTimes {
  /** For who does not want to know. */
  BatchTimes IGNORED = (result, entries, nanos) -> {};

  /**
   * Hears of one.
   *
   * @param entries how many the batch had, applied or not
   * @param nanos from when the batch was handed over until all of it was answered
   */
  void took(SetManyResult result, int entries, long nanos);
}
