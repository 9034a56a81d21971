package io.zonecast.sink.cache;

/** Hears how long each set-many took. Called on the thread of its {@link SetManyListener}. */
@FunctionalInterface
public interface BatchTimes {
  BatchTimes IGNORED = (result, entries, nanos) -> {};

  /**
   * Hears of one batch.
   *
   * @param entries of the batch, applied or not
   * @param nanos from sending the batch until its last answer
   */
  void took(SetManyResult result, int entries, long nanos);
}
