package io.zonecast.sink.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * {@code bench/run simulate}: runs seeds for some minutes, or one seed with its whole log; with
 * {@code --mutants N} it kills all mutants by the seeds of N master seeds.
 */
public final class SimulationMain {
  private static final long STEPS = Run.STEPS;

  private SimulationMain() {}

  public static void main(String[] arguments) {
    double minutes = 1;
    Long seed = null;
    long steps = STEPS;
    Mutant mutant = Mutant.NONE;
    int masters = 0;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--minutes" -> minutes = Double.parseDouble(arguments[i + 1]);
        case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
        case "--mutant" -> mutant = Mutant.valueOf(arguments[i + 1]);
        case "--mutants" -> masters = Integer.parseInt(arguments[i + 1]);
        case "--steps" -> steps = Long.parseLong(arguments[i + 1]);
        default -> throw new IllegalArgumentException(arguments[i] + " is no option");
      }
    }
    if (seed != null) {
      System.out.println(new Run(seed, steps, mutant, System.out).play());
      return;
    }
    if (masters > 0) {
      int many = masters;
      System.exit(Run.quietly(() -> killAll(many)) ? 0 : 1);
    }
    System.exit(runSeeds(minutes, steps, mutant) ? 0 : 1);
  }

  private static boolean runSeeds(double minutes, long steps, Mutant mutant) {
    long begun = System.nanoTime();
    long until = begun + (long) (minutes * Duration.ofMinutes(1).toNanos());
    var seeds = new Random();
    var counts = new Counts();
    long taken = 0;
    int runs = 0;
    int failures = 0;
    while (System.nanoTime() < until) {
      Run.Outcome outcome = new Run(seeds.nextLong(), steps, mutant, null).play();
      counts.addAll(outcome.counts());
      taken += outcome.steps();
      runs++;
      if (outcome.failure() != null) {
        failures++;
        System.out.println(outcome);
        if (!(outcome.failure() instanceof Violation)) {
          // An error of the simulation or the code, not a broken promise: its place is the news.
          outcome.failure().printStackTrace(System.out);
        }
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%d runs, %d failed; %d steps, %.0f a second; %d faults, %.0f a minute%n%s",
        runs,
        failures,
        taken,
        taken / seconds,
        counts.faults(),
        counts.faults() / seconds * 60,
        counts);
    return failures == 0;
  }

  private static Duration cpuTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static boolean killAll(int masters) {
    boolean all = true;
    for (int i = 0; i < masters; i++) {
      long master = new Random().nextLong();
      long begun = System.nanoTime();
      Duration cpuBegun = cpuTime();
      List<Run.Killing> killings =
          Mutant.weakened().parallelStream().map(mutant -> Run.kill(mutant, master)).toList();
      all &= killings.stream().allMatch(Run.Killing::isDone);
      System.out.printf(
          "master seed %d: %.1f s, of CPU time %.1f s%n",
          master, (System.nanoTime() - begun) / 1e9, cpuTime().minus(cpuBegun).toMillis() / 1e3);
      killings.forEach(System.out::print);
    }
    return all;
  }
}
