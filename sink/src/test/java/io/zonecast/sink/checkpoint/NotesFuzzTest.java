package io.zonecast.sink.checkpoint;

import io.zonecast.schemas.fixture.FuzzCorpus;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link NotesFuzz} has been given before, without a fuzzer. */
class NotesFuzzTest {
  static List<String> inputs() {
    return FuzzCorpus.names(NotesFuzz.class);
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isUnderstoodOrTakenForNothing(String input) {
    NotesFuzz.fuzzerTestOneInput(FuzzCorpus.input(NotesFuzz.class, input));
  }
}
