package io.zonecast.sink.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One run of a world from a seed: faults, then none, and the nodes equal the topics again. */
final class Run {
  /** About so many in a run. */
  static final long STEPS = 8_000;

  /** So many runs kill a mutant, or it survives. */
  private static final int MOST_RUNS = 200;

  private static final Duration CALM = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration CONVERGED_WITHIN = Duration.ofSeconds(30);

  /** After one round of faults in so many, no sink runs for longer than tombstones live. */
  private static final int ABSENCES = 4;

  /** After one round of faults in so many another list of nodes is rolled out. */
  private static final int ROLL_OUTS = 2;

  /** For so long records are appended that no sink sees at the time. */
  private static final Duration UNSEEN = Duration.ofSeconds(2);

  private static final int LINES_SHOWN = 60;

  private final Mutant mutant;
  private final long seed;
  private final long steps;
  private final @Nullable PrintStream out;

  /**
   * @param steps about so many; the last faults are followed by a convergence
   * @param out gets the whole log; may be null
   */
  Run(long seed, long steps, @Nullable PrintStream out) {
    this(seed, steps, Mutant.NONE, out);
  }

  Run(long seed, long steps, Mutant mutant, @Nullable PrintStream out) {
    this.mutant = mutant;
    this.seed = seed;
    this.steps = steps;
    this.out = out;
  }

  /**
   * What came of it.
   *
   * @param failure null if every invariant held
   * @param lines the end of the log
   */
  record Outcome(
      long seed,
      long steps,
      Duration virtualTime,
      Counts counts,
      String checksum,
      @Nullable Throwable failure,
      List<String> lines) {
    @Override
    public String toString() {
      return failure == null
          ? "seed %d: %d steps, %s".formatted(seed, steps, checksum)
          : "seed %d, step %d: %s%n%s"
              .formatted(
                  seed, steps, failure.getMessage(), String.join(System.lineSeparator(), lines));
    }
  }

  /**
   * The first run in which an invariant ends a mutant, after others that did not.
   *
   * @param steps of all of them
   * @param shipped what the shipped protocol does under the same seed
   */
  record Killing(
      Mutant mutant, int runs, long steps, double seconds, Outcome last, Outcome shipped) {
    /** Whether the mutant is dead, and the shipped protocol survives the same. */
    boolean isDone() {
      return last.failure() instanceof Violation && shipped.failure() == null;
    }

    @Override
    public String toString() {
      String by = last.failure() instanceof Violation its ? its.invariant().toString() : "SURVIVES";
      return "  %-28s %3d runs %8d steps %5.1f s, killed by seed %20d step %6d %s%s%n"
          .formatted(
              mutant,
              runs,
              steps,
              seconds,
              last.seed(),
              last.steps(),
              by,
              shipped.failure() == null ? "" : ", and so ends the shipped protocol: " + shipped);
    }
  }

  /** Plays a mutant by one seed after another until an invariant fails. */
  static Killing kill(Mutant mutant, long master) {
    long begun = System.nanoTime();
    var seeds = new Random(master + mutant.name().hashCode());
    Outcome outcome = new Run(seeds.nextLong(), STEPS, mutant, null).play();
    int runs = 1;
    long taken = outcome.steps();
    while (runs < MOST_RUNS && outcome.failure() == null) {
      outcome = new Run(seeds.nextLong(), STEPS, mutant, null).play();
      runs++;
      taken += outcome.steps();
    }
    Outcome shipped = new Run(outcome.seed(), STEPS, null).play();
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Killing(mutant, runs, taken, seconds, outcome, shipped);
  }

  Outcome play() {
    return quietly(this::playQuietly);
  }

  /** Does something without a log line of the shipped classes; also what it does in threads. */
  static <T> T quietly(Supplier<T> what) {
    Logger logs = (Logger) LoggerFactory.getLogger("io.zonecast.sink");
    Level before = logs.getLevel();
    logs.setLevel(Level.OFF);
    try {
      return what.get();
    } finally {
      logs.setLevel(before);
    }
  }

  private Outcome playQuietly() {
    var world = new World(seed, mutant, out);
    Throwable failure = null;
    try {
      script(world);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = world.scheduler().failure() == null ? e : world.scheduler().failure();
    }
    var outcome =
        new Outcome(
            seed,
            world.scheduler().steps(),
            Duration.ofNanos(world.scheduler().nowNanos()),
            world.counts(),
            world.trace().checksum(),
            failure,
            world.trace().last(LINES_SHOWN));
    world.close();
    return outcome;
  }

  private void script(World world) throws InterruptedException {
    var faults = new Faults(world);
    var scenarios = new Scenarios(world, faults);
    Random random = world.scheduler().random();
    for (SimTable table : world.tables()) {
      world.startSink(table);
    }
    world.startSink(world.tables().get(0));
    for (int i = 0; i < 12; i++) {
      world.scheduler().world().sleep(Duration.ofMillis(100));
    }
    while (world.scheduler().steps() < steps) {
      int many = 5 + random.nextInt(50);
      for (int i = 0; i < many && world.scheduler().steps() < steps; i++) {
        world.scheduler().world().sleep(faults.pause());
        faults.oneMore();
      }
      faults.heal();
      scenarios.endARound();
      converge(world, faults);
      if (random.nextInt(ROLL_OUTS) == 0) {
        scenarios.rollOut();
        converge(world, faults);
      }
      if (random.nextInt(ABSENCES) == 0) {
        Duration absence = faults.absence();
        world.scheduler().world().sleep(UNSEEN);
        world.quiet(true);
        world.scheduler().world().sleep(absence);
        faults.endOfAbsence();
        faults.heal();
        converge(world, faults);
      }
    }
  }

  private static void converge(World world, Faults faults) throws InterruptedException {
    world.quiet(true);
    // Sinks that sleep and bytes that are held come back first.
    long from = Math.max(world.scheduler().nowNanos(), world.disturbedNanos());
    world.scheduler().world().sleep(CALM.plusNanos(from - world.scheduler().nowNanos()));
    List<String> differences = world.differences();
    if (!differences.isEmpty()) {
      faults.emptyNodesWithoutOwner();
    }
    while (!differences.isEmpty()) {
      if (world.scheduler().nowNanos() - from > CALM.plus(CONVERGED_WITHIN).toNanos()) {
        throw new Violation(Invariant.NODES_CONVERGE, String.join("; ", differences));
      }
      faults.acceptNewTopics();
      faults.keepASinkOfEach();
      world.scheduler().world().sleep(LOOK_EVERY);
      differences = world.differences();
    }
    world
        .counts()
        .most(
            "longest convergence in ms",
            Duration.ofNanos(world.scheduler().nowNanos() - from).toMillis());
    world.counts().count("convergence");
    world.quiet(false);
  }
}
