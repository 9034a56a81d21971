package io.zonecast.sink.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped classes under faults: so many steps, and every seed that failed. */
class SimulationTest {
  private static final int SEEDS = 40;

  /**
   * New seeds are for {@code bench/run simulate}: one in two thousand still finds something, and
   * that must not stop everybody's build.
   */
  static final long MASTER_SEED = 20_261_201;

  @Test
  void theSameSeedIsTheSameRunByteForByte() {
    assertThat(log(7)).isEqualTo(log(7)).isNotEqualTo(log(8));
  }

  private static String log(long seed) {
    var log = new ByteArrayOutputStream();
    var outcome =
        new Run(seed, Run.STEPS / 4, new PrintStream(log, false, StandardCharsets.UTF_8)).play();
    return log.toString(StandardCharsets.UTF_8) + outcome.checksum();
  }

  @Test
  void noInvariantFailsAndEveryFaultOccurs() {
    var seeds = new Random(MASTER_SEED);
    var counts = new Counts();

    for (int i = 0; i < SEEDS; i++) {
      Run.Outcome outcome = new Run(seeds.nextLong(), Run.STEPS, null).play();
      requireSound(outcome);
      counts.addAll(outcome.counts());
    }

    System.out.printf("simulation: %d seeds of master seed %d%n%s", SEEDS, MASTER_SEED, counts);
    assertThat(counts.missing()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void aSeedThatOnceFailedFailsNoMore(long seed) {
    requireSound(new Run(seed, Run.STEPS, null).play());
  }

  static List<Long> corpus() throws IOException {
    try (InputStream in = SimulationTest.class.getResourceAsStream("corpus.txt")) {
      Stream<String> lines =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines();
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> Long.parseLong(line.split(" ", 2)[0]))
          .toList();
    }
  }

  private static void requireSound(Run.Outcome outcome) {
    assertThatCode(
            () -> {
              if (outcome.failure() != null) {
                throw outcome.failure();
              }
            })
        .as(outcome.toString())
        .doesNotThrowAnyException();
  }
}
