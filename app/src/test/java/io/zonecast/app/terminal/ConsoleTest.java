package io.zonecast.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.app.terminal.Console.Colour;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {
  private static final String OUT = "zonecast.stdout.terminal";
  private static final String ERR = "zonecast.stderr.terminal";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void leaveTheTerminal() {
    System.clearProperty(OUT);
    System.clearProperty(ERR);
  }

  @Test
  void aTerminalHasColoursAndIsRedrawn() {
    Console console = console(Map.of("TERM", "xterm-256color"), OUT);

    watch(console);

    assertThat(console.coloured("fine", Colour.GOOD)).isEqualTo("\033[1;32mfine\033[0m");
    assertThat(text(out)).isEqualTo("\033[H\033[2Jone\n\033[H\033[2Jtwo\n");
  }

  @Test
  void noColorTakesTheColoursAndNothingElse() {
    Console console = console(Map.of("TERM", "xterm", "NO_COLOR", "1"), OUT);

    watch(console);

    assertThat(console.coloured("fine", Colour.GOOD)).isEqualTo("fine");
    assertThat(text(out)).startsWith("\033[H");
  }

  @ParameterizedTest
  @CsvSource({"'y\n', true", "' Y \n', true", "'yes\n', false", "'\n', false", "'', false"})
  void onlyAYesIsOneAndTheEndOfTheInputIsNone(String typed, boolean confirmed) {
    InputStream in = System.in;
    System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(console(Map.of()).confirms("Go on?")).isEqualTo(confirmed);
    } finally {
      System.setIn(in);
    }
  }

  @Test
  void anEmptyNoColorIsNone() {
    assertThat(console(Map.of("NO_COLOR", ""), OUT).colours()).isTrue();
  }

  @Test
  void aDumbTerminalGetsNoEscapeOfAnyKind() {
    Console console = console(Map.of("TERM", "dumb"), OUT, ERR);

    watch(console);
    bar(console);

    assertThat(console.coloured("fine", Colour.GOOD)).isEqualTo("fine");
    assertThat(text(out)).isEqualTo("one\n\ntwo\n");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void whatIsNoTerminalIsAppendedTo() {
    Console console = console(Map.of("TERM", "xterm"));

    watch(console);

    assertThat(text(out)).isEqualTo("one\n\ntwo\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", OUT})
  void barsAreForATerminalOnStandardErrorAlone(String terminal) {
    bar(console(Map.of("TERM", "xterm"), terminal));

    assertThat(text(err)).isEmpty();
    assertThat(text(out)).isEmpty();
  }

  private static void watch(Console console) {
    console.redraw();
    console.answer("one");
    console.redraw();
    console.answer("two");
  }

  /** A step that is over before a line would be due. */
  private static void bar(Console console) {
    try (ProgressDisplay progress = console.progress("publishing", "rows")) {
      progress.expect(10);
      progress.reach(5);
    }
  }

  private Console console(Map<String, String> environment, String... terminals) {
    for (String terminal : terminals) {
      if (!terminal.isEmpty()) {
        System.setProperty(terminal, "true");
      }
    }
    return Console.ofProcess(environment, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream into) {
    return new PrintStream(into, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream written) {
    return written.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
