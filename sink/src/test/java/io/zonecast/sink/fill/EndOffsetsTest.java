package io.zonecast.sink.fill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndOffsetsTest {
  private static final long ASKED = 1_000_000;
  private static final long LAST = 400_000;
  private static final long ALLOWANCE = 60_000;

  @Test
  void whatComesAfterTheEndIsWrittenAfterTheQuestion() {
    var ends = new EndOffsets(10, 10, Optional.empty(), ASKED);

    long earliest = ends.earliestWriteAfter(10, LAST, ALLOWANCE);

    assertThat(earliest).isEqualTo(ASKED - ALLOWANCE);
  }

  @Test
  void behindAnOpenTransactionNobodyKnowsSinceWhenRecordsAreThere() {
    var ends = new EndOffsets(10, 12, Optional.empty(), ASKED);

    long earliest = ends.earliestWriteAfter(10, LAST, ALLOWANCE);

    assertThat(earliest).isEqualTo(LAST);
  }

  @Test
  void behindARecordThatWaitsNobodyKnowsSinceWhenRecordsAreThere() {
    var ends = new EndOffsets(10, 10, Optional.empty(), ASKED);

    long earliest = ends.earliestWriteAfter(7, LAST, ALLOWANCE);

    assertThat(earliest).isEqualTo(LAST);
  }

  @Test
  void anOffsetBeyondTheHighWatermarkWasWrittenAfterTheQuestionThoughATransactionIsOpen() {
    var ends = new EndOffsets(10, 12, Optional.empty(), ASKED);

    long earliest = ends.earliestWriteAfter(12, LAST, ALLOWANCE);

    assertThat(earliest).isEqualTo(ASKED - ALLOWANCE);
  }

  @Test
  void aRecordYoungerThanTheQuestionIsTheBetterBound() {
    var ends = new EndOffsets(10, 10, Optional.empty(), ASKED);

    long earliest = ends.earliestWriteAfter(10, ASKED - 1, ALLOWANCE);

    assertThat(earliest).isEqualTo(ASKED - 1);
  }
}
