package io.zonecast.schemas.wire;

import io.zonecast.schemas.fixture.FuzzCorpus;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link ZoneRowDecoderFuzz} has been given before, without a fuzzer. */
class ZoneRowDecoderFuzzTest {
  static List<String> inputs() {
    return FuzzCorpus.names(ZoneRowDecoderFuzz.class);
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void oursAndAvrosDecoderSeeTheSameRow(String input) {
    ZoneRowDecoderFuzz.fuzzerTestOneInput(FuzzCorpus.input(ZoneRowDecoderFuzz.class, input));
  }
}
