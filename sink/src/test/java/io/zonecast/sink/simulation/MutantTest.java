package io.zonecast.sink.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weakened protocols violate an invariant under the faults that the shipped one survives. First
 * tried are the seeds that once killed them.
 */
class MutantTest {
  private static final long STEPS_A_SEED = 10_000;
  private static final int MOST_SEEDS = 60;

  /** Those that take too many seeds for a test: {@code bench/run simulate --mutant NAME}. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "REPLACE_WITHOUT_CAS", "NO_PROOF"})
  void isKilledByAnInvariant(Mutant mutant) throws Exception {
    long master = new Random().nextLong();

    Run.Outcome killed = kill(mutant, new Random(master));

    assertThat(killed.failure())
        .as("%s survives %d seeds of master seed %d", mutant, MOST_SEEDS, master)
        .isInstanceOf(Violation.class);
    System.out.printf(
        "mutant %-28s seed %20d step %6d %s%n",
        mutant, killed.seed(), killed.steps(), ((Violation) killed.failure()).invariant());
    assertThat(new Run(killed.seed(), STEPS_A_SEED, null).play().failure())
        .as("the shipped protocol under seed %d", killed.seed())
        .isNull();
  }

  /** The first run that an invariant ends; the last one if none does. */
  private static Run.Outcome kill(Mutant mutant, Random seeds) throws IOException {
    Run.Outcome outcome = new Run(killerOf(mutant), STEPS_A_SEED, mutant, null).play();
    for (int i = 1; i < MOST_SEEDS && outcome.failure() == null; i++) {
      outcome = new Run(seeds.nextLong(), STEPS_A_SEED, mutant, null).play();
    }
    return outcome;
  }

  private static long killerOf(Mutant mutant) throws IOException {
    try (InputStream in = MutantTest.class.getResourceAsStream("mutants.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(mutant + " "))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
          .findFirst()
          .orElse(0);
    }
  }
}
