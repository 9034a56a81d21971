package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A line a change of state, never a line a record. */
class LogLinesIT {
  private static final Pattern DEAD_LETTERED =
      Pattern.compile("partition=[01] offset=\\d+ dead-lettered=(\\d+) to=.*");

  private final Stage stage = new Stage(2, 1);
  private final LogLines log = new LogLines("io.zonecast");
  private final List<String> lines = log.lines();

  @AfterEach
  void close() {
    log.close();
    stage.close();
  }

  @Test
  void liveRecordsLeaveNoLine() {
    stage.topic().set("usps:000:005", "1");
    try (RunningSink sink = stage.start()) {
      stage.awaitEqual(sink);
      int before = lines.size();

      stage.topic().setMany(1_000, "3");
      stage.awaitEqual(sink);

      assertThat(lines.subList(before, lines.size())).isEmpty();
    }
  }

  @Test
  void badRecordsLeaveALineAPollAndPartition() {
    stage.topic().set("usps:000:005", "1");
    try (RunningSink sink = stage.start()) {
      stage.awaitEqual(sink);
      int before = lines.size();

      for (int i = 0; i < 500; i++) {
        stage.topic().sendUnreadable("no key " + i);
      }
      stage.topic().flush();
      await()
          .atMost(Stage.SOON)
          .untilAsserted(() -> assertThat(deadLettered(before)).isEqualTo(500));

      List<String> since = lines.subList(before, lines.size());
      assertThat(since)
          .hasSizeLessThan(250)
          .allMatch(line -> DEAD_LETTERED.matcher(line).matches());
    }
  }

  /** How many records the lines since then tell of. */
  private int deadLettered(int before) {
    return lines.subList(before, lines.size()).stream()
        .map(DEAD_LETTERED::matcher)
        .filter(Matcher::matches)
        .mapToInt(line -> Integer.parseInt(line.group(1)))
        .sum();
  }

  @Test
  void aWipeIsTheWordAndTheStatesThatFollow() {
    stage.topic().setMany(100, "3");
    try (RunningSink sink = stage.start()) {
      stage.awaitEqual(sink);
      int before = lines.size();
      String node = "node=" + stage.addresses().get(0);

      stage.raw(0).flushAll();
      await()
          .atMost(Stage.SOON)
          .until(
              () ->
                  lines
                      .subList(before, lines.size())
                      .contains(node + " state=IN_STEP was=FILLING"));

      assertThat(lines.subList(before, lines.size()))
          .allMatch(line -> line.startsWith(node + " "))
          .hasSizeLessThan(10)
          .anyMatch(line -> line.contains("checkpoints are gone: filling again"));
    }
  }
}
