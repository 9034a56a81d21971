package io.zonecast.bench.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuietSetsTest {

  @Test
  void keepsQuietSetsInOrderAndNothingElse() {
    String stream =
        String.join(
            "\r\n",
            "mg zone:~checkpoint v c",
            "ms zone:b 1 q",
            "2",
            "ms zone:~checkpoint 4 ME c",
            "q\r\n1",
            "ms zone:a 3 F16 q",
            "m\r\n",
            "mn",
            "md zone:c q",
            "");

    QuietSets sets = QuietSets.in(stream.getBytes(US_ASCII));

    assertThat(sets.count()).isEqualTo(2);
    assertThat(sets.batches()).isEqualTo(1);
    assertThat(US_ASCII.decode(sets.bytes()).toString())
        .isEqualTo("ms zone:b 1 q\r\n2\r\nms zone:a 3 F16 q\r\nm\r\n\r\nmn\r\n");
  }

  @Test
  void leavesOutASetThatIsCutOff() {
    QuietSets sets = QuietSets.in("ms zone:a 1 q\r\n2\r\nms zone:b 5 q\r\n1".getBytes(US_ASCII));

    assertThat(sets.count()).isEqualTo(1);
  }
}
