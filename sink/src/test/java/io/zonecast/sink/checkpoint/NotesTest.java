package io.zonecast.sink.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

/** What a sink leaves on a node for others to read, beside the checkpoints. */
class NotesTest {
  @Property
  void aFillsProgressIsReadBackToAThousandth(
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long leftMillis) {
    FillProgress note = new FillProgress(share, Duration.ofMillis(leftMillis));

    FillProgress read = FillProgress.decode(note.encode()).orElseThrow();

    assertThat(read.share()).isBetween(share - 0.001, share + 0.001);
    assertThat(read.left()).isEqualTo(note.left());
  }

  @Example
  void anUnknownTimeStaysUnknown() {
    assertThat(FillProgress.decode(new FillProgress(0.25, null).encode()))
        .contains(new FillProgress(0.25, null));
  }

  @Property
  void noBytesAreTooStrangeToBeRead(@ForAll byte[] bytes) {
    assertThat(FillProgress.decode(bytes)).isEmpty();
    assertThat(DownNote.decode(bytes)).isEmpty();
    assertThat(WaitNote.decode(bytes)).isEmpty();
  }

  @Example
  void aShareBeyondTheWholeIsNone() {
    assertThat(FillProgress.decode("share=1.001".getBytes(US_ASCII))).isEmpty();
    assertThatThrownBy(() -> new FillProgress(1.1, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FillProgress(Double.NaN, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void sinceWhenANodeIsDownIsReadBack() {
    Instant since = Instant.parse("2026-11-22T03:00:00.123Z");

    assertThat(DownNote.decode(DownNote.encode(since))).contains(since);
  }

  @Example
  void whatIsWaitedForIsReadBack() {
    WaitNote note = new WaitNote(7, "schema id 12: \"r\u00e9gistre\" refused; 100 % sure");

    assertThat(WaitNote.decode(note.encode())).contains(note);
    assertThat(WaitNote.decode("offset=7 reason=%".getBytes(US_ASCII))).isEmpty();
  }

  @Example
  void noNotesKeyCanBeARows() {
    for (String key :
        new String[] {
          CheckpointKey.ofFill("a:b", "c", 3),
          CheckpointKey.ofWait("a:b", "c", 3),
          CheckpointKey.ofDown("g", "t", "[::1]:11211")
        }) {
      assertThat(key).doesNotContain(":").hasSizeLessThanOrEqualTo(250);
    }
    assertThat(CheckpointKey.ofDown("g".repeat(200), "t".repeat(200), "h".repeat(200) + ":1"))
        .hasSizeLessThanOrEqualTo(250);
  }
}
