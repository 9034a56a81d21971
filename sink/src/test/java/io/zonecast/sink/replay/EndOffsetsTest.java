package io.zonecast.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndOffsetsTest {
  private static final long NOT_BEFORE = 1_000_000;
  private static final long LAST = 400_000;

  @Test
  void whatComesAfterTheEndIsWrittenAfterTheQuestion() {
    var ends = new EndOffsets(10, 10, Optional.empty(), NOT_BEFORE);

    long earliest = ends.earliestWriteAfter(10, LAST);

    assertThat(earliest).isEqualTo(NOT_BEFORE);
  }

  @Test
  void behindAnOpenTransactionNobodyKnowsSinceWhenRecordsAreThere() {
    var ends = new EndOffsets(10, 12, Optional.empty(), NOT_BEFORE);

    long earliest = ends.earliestWriteAfter(10, LAST);

    assertThat(earliest).isEqualTo(LAST);
  }

  @Test
  void behindARecordThatWaitsNobodyKnowsSinceWhenRecordsAreThere() {
    var ends = new EndOffsets(10, 10, Optional.empty(), NOT_BEFORE);

    long earliest = ends.earliestWriteAfter(7, LAST);

    assertThat(earliest).isEqualTo(LAST);
  }

  @Test
  void anOffsetBeyondTheHighWatermarkWasWrittenAfterTheQuestionThoughATransactionIsOpen() {
    var ends = new EndOffsets(10, 12, Optional.empty(), NOT_BEFORE);

    long earliest = ends.earliestWriteAfter(12, LAST);

    assertThat(earliest).isEqualTo(NOT_BEFORE);
  }

  @Test
  void aRecordYoungerThanThatIsTheBetterBound() {
    var ends = new EndOffsets(10, 10, Optional.empty(), NOT_BEFORE);

    long earliest = ends.earliestWriteAfter(10, NOT_BEFORE + 1);

    assertThat(earliest).isEqualTo(NOT_BEFORE + 1);
  }
}
