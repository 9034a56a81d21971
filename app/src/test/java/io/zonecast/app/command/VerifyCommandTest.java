package io.zonecast.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.verify.EntryKind;
import io.zonecast.sink.verify.NodeVerification;
import io.zonecast.sink.verify.VerifyReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifyCommandTest {
  private static final NodeVerification EQUAL = node(100, 0, 0, "");
  private static final NodeVerification DIFFERENT = node(100, 1, 0, "");
  private static final NodeVerification BEHIND = node(100, 0, 1, "");
  private static final NodeVerification LOST = node(0, 0, 0, "cannot connect");
  private static final NodeVerification EMPTY = node(0, 0, 0, "");
  private static final String HELD = "partition 0 is compared up to offset 0: held back";

  @Test
  void aPoolThatIsEqualIsDone() {
    assertIs(0, "the cache is equal to topic zones; compared in 1.0 s", report("", EQUAL));
    assertIs(0, "the cache is equal to topic zones; compared in 1.0 s", report("", EMPTY));
  }

  @Test
  void aDifferenceIsSaidWhateverElseWasNotCompared() {
    assertIs(3, "the cache is NOT equal to topic zones; compared in 1.0 s", report("", DIFFERENT));
    String inPart =
        "the cache is NOT equal to topic zones, as far as could be compared; compared in 1.0 s";
    assertIs(3, inPart, report(HELD, DIFFERENT));
    assertIs(3, inPart, report("", DIFFERENT, LOST));
  }

  @Test
  void aPoolThatIsEqualInPartIsDoneInPart() {
    String inPart =
        "the cache is equal to topic zones, as far as could be compared; compared in 1.0 s";
    assertIs(4, inPart, report(HELD, EQUAL));
    assertIs(4, inPart, report("", EQUAL, LOST));
    assertIs(4, inPart, report("", BEHIND));
  }

  @Test
  void whereNothingWasComparedNothingIsSaidToBeEqual() {
    String nothing = "nothing of the cache could be compared with topic zones";
    assertIs(1, nothing, report("", LOST, LOST));
    assertIs(1, nothing, report(HELD, EMPTY));
  }

  private static void assertIs(int exitCode, String headline, VerifyReport report) {
    assertThat(VerifyCommand.exitCode(report)).isEqualTo(exitCode);
    assertThat(VerifyCommand.headline(report, "zones", false)).isEqualTo(headline);
  }

  private static VerifyReport report(String waiting, NodeVerification... nodes) {
    return new VerifyReport(
        List.of(nodes),
        0,
        0,
        waiting.isEmpty() ? List.of() : List.of(waiting),
        Duration.ofSeconds(1));
  }

  private static NodeVerification node(
      long checked, long missing, long behind, String unreachable) {
    return new NodeVerification(
        "a:11211",
        Map.of(EntryKind.CHECKED, checked, EntryKind.MISSING, missing, EntryKind.BEHIND, behind),
        List.of(),
        null,
        "",
        unreachable);
  }
}
