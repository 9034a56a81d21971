package io.zonecast.ingest.source;

import io.zonecast.schemas.fixture.FuzzCorpus;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link ZoneFileFuzz} has been given before, without a fuzzer. */
class ZoneFileFuzzTest {
  static List<String> inputs() {
    return FuzzCorpus.names(ZoneFileFuzz.class);
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isReadOrRefusedByName(String input) {
    ZoneFileFuzz.fuzzerTestOneInput(FuzzCorpus.input(ZoneFileFuzz.class, input));
  }
}
