package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a publish where a phase is complete, until it is let go on. */
final class AtPhase implements StepProgress {
  private static final int LIMIT_SECONDS = 60;

  private final Phase phase;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  AtPhase(Phase phase) {
    this.phase = phase;
  }

  @Override
  public void at(Phase at, long done, long total) {
    if (at == phase && done == total) {
      reached.countDown();
      try {
        if (!goOn.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("held at " + phase + " for too long");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void awaitReached() throws InterruptedException {
    if (!reached.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(phase + " was not reached");
    }
  }

  void goOn() {
    goOn.countDown();
  }
}
