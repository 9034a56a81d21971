package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.publish.Change.Kind;
import io.zonecast.ingest.publish.KeyHistory.LastRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHistoryTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # change, last record, in a later entry, undone, undone with --over-later
          CHANGED,  THE_PUBLISH,  false,            true,   true
          CHANGED,  THE_PUBLISH,  true,             false,  true
          CHANGED,  ANOTHER,      false,            false,  true
          CHANGED,  ANOTHER,      true,             false,  true
          CHANGED,  NONE,         false,            false,  true
          CHANGED,  NONE,         true,             false,  true
          REMOVED,  THE_PUBLISH,  false,            true,   true
          REMOVED,  THE_PUBLISH,  true,             false,  true
          REMOVED,  ANOTHER,      false,            false,  true
          REMOVED,  ANOTHER,      true,             false,  true
          REMOVED,  NONE,         false,            true,   true
          REMOVED,  NONE,         true,             false,  true
          ADDED,    THE_PUBLISH,  false,            true,   true
          ADDED,    ANOTHER,      false,            false,  false
          ADDED,    ANOTHER,      true,             false,  false
          """)
  void aKeyIsUndoneUnlessSomeoneWroteItLater(
      Kind change, LastRecord last, boolean loggedLater, boolean undone, boolean overLater) {
    KeyHistory history = new KeyHistory(change, last, loggedLater);

    assertThat(history.isUndone(false)).isEqualTo(undone);
    assertThat(history.isUndone(true)).isEqualTo(overLater);
  }
}
