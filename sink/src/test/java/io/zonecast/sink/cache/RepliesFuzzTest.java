package io.zonecast.sink.cache;

import io.zonecast.schemas.fixture.FuzzCorpus;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link RepliesFuzz} has been given before, without a fuzzer. */
class RepliesFuzzTest {
  static List<String> inputs() {
    return FuzzCorpus.names(RepliesFuzz.class);
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isAnAnswerOrRefusedAndWhoeverWaitsIsTold(String input) {
    RepliesFuzz.fuzzerTestOneInput(FuzzCorpus.input(RepliesFuzz.class, input));
  }
}
