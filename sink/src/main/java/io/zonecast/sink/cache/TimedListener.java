package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;

/** Tells how long a batch took before passing on what became of it. */
final class TimedListener implements SetManyListener {
  private final SetManyListener next;
  private final BatchTimes times;
  private final Timing timing;
  private final long startNanos;

  TimedListener(SetManyListener next, BatchTimes times, Timing timing) {
    this.next = next;
    this.times = times;
    this.timing = timing;
    this.startNanos = timing.nanoTime();
  }

  @Override
  public void onResult(EntryBatch batch, SetManyResult result) {
    times.took(result, batch.count(), timing.nanoTime() - startNanos);
    next.onResult(batch, result);
  }

  @Override
  public String toString() {
    return "timed " + next;
  }
}
