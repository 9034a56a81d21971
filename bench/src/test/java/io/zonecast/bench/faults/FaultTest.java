package io.zonecast.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultTest {

  @Test
  void everyFaultIsDrawnSoonerOrLater() {
    Random random = new Random(1);

    assertThat(IntStream.range(0, 1_000).mapToObj(i -> Fault.any(random))).contains(Fault.values());
  }

  @Test
  void theSameSeedDrawsTheSameFaults() {
    Random one = new Random(42);
    Random other = new Random(42);

    assertThat(IntStream.range(0, 50).mapToObj(i -> Fault.any(one)).toList())
        .isEqualTo(IntStream.range(0, 50).mapToObj(i -> Fault.any(other)).toList());
  }
}
