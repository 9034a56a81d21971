package io.zonecast.sink.cache;

/** Tells how long a batch took before passing on what became of it. */
final class TimedListener implements SetManyListener {
  private final SetManyListener next;
  private final BatchTimes times;
  private final long startNanos = System.nanoTime();

  TimedListener(SetManyListener next, BatchTimes times) {
    this.next = next;
    this.times = times;
  }

  @Override
  public void onResult(EntryBatch batch, SetManyResult result) {
    times.took(result, batch.count(), System.nanoTime() - startNanos);
    next.onResult(batch, result);
  }

  @Override
  public String toString() {
    return "timed " + next;
  }
}
