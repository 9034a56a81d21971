package io.zonecast.sink.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weakened protocols violate an invariant under the faults that the shipped one survives, by the
 * same seeds each time; {@code bench/run simulate --mutants N} takes new ones. They are printed:
 * {@code bench/run simulate --seed S --mutant NAME} plays one again, step by step the same.
 *
 * <p>Two classes share the mutants, so that two cores do.
 */
abstract class MutantKilling {
  @ParameterizedTest
  @MethodSource("mutants")
  void isKilledByAnInvariant(Mutant mutant) {
    Run.Killing killing = Run.kill(mutant, SimulationTest.MASTER_SEED);

    System.out.print("mutant" + killing);
    assertThat(killing.isDone()).as("%s", killing).isTrue();
  }
}
