package io.zonecast.sink.fill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Estimates how long the fills of a node still need. It takes their pace in the last half of the
 * time so far, or in the last quarter if that was faster: a JVM begins cold, and a fixed window
 * would be too long for a fill of two seconds or too short for one of two hours. Not thread-safe.
 */
public final class FillPace {
  private static final long CLOSEST_NANOS = Duration.ofMillis(50).toNanos();
  private static final int MOST_SAMPLES = 128;

  /** Less than that says nothing yet. */
  private static final double LEAST_FRACTION = 0.01;

  /**
   * What a fill may seem to lose: answered entries are reckoned from batches under way, of which
   * some are smaller than others.
   */
  private static final double BACK_A_LITTLE = 0.05;

  private final List<Sample> samples = new ArrayList<>();

  private record Sample(long nanos, double fraction) {}

  /**
   * Notes how far the fills have come.
   *
   * @param fraction from 0 to 1; much less than before means that another fill has begun
   */
  public void reached(long nanos, double fraction) {
    if (!samples.isEmpty()) {
      Sample last = last();
      if (fraction < last.fraction() - BACK_A_LITTLE || fraction == samples.get(0).fraction()) {
        // Another fill, or one that still waits for its turn: that time says nothing of its pace.
        samples.clear();
      } else if (fraction < last.fraction()
          || (nanos - last.nanos() < CLOSEST_NANOS && samples.size() > 1)) {
        return;
      }
    }
    if (samples.size() == MOST_SAMPLES) {
      thinOut();
    }
    samples.add(new Sample(nanos, fraction));
  }

  /** Nothing is being filled. */
  public void rest() {
    samples.clear();
  }

  /** How long the rest is going to take; empty while there is too little to tell from. */
  public Optional<Duration> left(long nanos) {
    if (samples.size() < 2 || last().fraction() - samples.get(0).fraction() < LEAST_FRACTION) {
      return Optional.empty();
    }
    double perNano = Math.max(perNano(0.5), perNano(0.75));
    if (perNano <= 0) {
      return Optional.empty();
    }
    double left = (1 - last().fraction()) / perNano - (nanos - last().nanos());
    return Optional.of(Duration.ofNanos(Math.max(0, (long) left)));
  }

  /** How fast it went since {@code part} of the time so far had passed. */
  private double perNano(double part) {
    Sample first = samples.get(0);
    Sample last = last();
    Sample since = first;
    for (Sample sample : samples) {
      if (sample.nanos() - first.nanos() > (last.nanos() - first.nanos()) * part) {
        break;
      }
      since = sample;
    }
    return (last.fraction() - since.fraction()) / (last.nanos() - since.nanos());
  }

  private Sample last() {
    return samples.get(samples.size() - 1);
  }

  /** A long fill is looked at as often as a short one, in all. */
  private void thinOut() {
    List<Sample> kept = new ArrayList<>();
    for (int i = 0; i < samples.size(); i += 2) {
      kept.add(samples.get(i));
    }
    samples.clear();
    samples.addAll(kept);
  }
}
