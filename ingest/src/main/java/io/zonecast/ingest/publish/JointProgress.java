package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;

/** Adds up what several threads say of their shares of a step. */
final class JointProgress {
  private final StepProgress whole;
  private final Phase[] shares;

  private record Phase(StepProgress.Phase phase, long done, long total) {}

  JointProgress(StepProgress whole, int shares) {
    this.whole = whole;
    this.shares = new Phase[shares];
  }

  /** Hears of the share of that number, from 0. */
  StepProgress share(int number) {
    return (phase, done, total) -> heard(number, new Phase(phase, done, total));
  }

  private synchronized void heard(int number, Phase now) {
    shares[number] = now;
    long done = 0;
    long total = 0;
    for (Phase share : shares) {
      if (share != null && share.phase == now.phase) {
        done += share.done;
        total += share.total;
      }
    }
    whole.at(now.phase, done, total);
  }
}
