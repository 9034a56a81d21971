package io.zonecast.app.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Scanner;

/**
 * The command's two streams: answers go to standard output, everything else to standard error. Both
 * in UTF-8, whatever the locale: a zone file's name is not to be turned into question marks.
 */
public final class Console {
  /** What a colour means. */
  public enum Colour {
    GOOD(32),
    BUSY(33),
    BAD(31);

    private final int code;

    Colour(int code) {
      this.code = code;
    }
  }

  /** Set by the launcher, which can ask the kernel; Java 17 cannot for standard error alone. */
  private static final String ERR_IS_TERMINAL = "zonecast.stderr.terminal";

  private static final String IN_IS_TERMINAL = "zonecast.stdin.terminal";
  private static final String OUT_IS_TERMINAL = "zonecast.stdout.terminal";

  private static final String CLEAR_SCREEN = "\033[H\033[2J";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean canAsk;
  private final boolean redraws;
  private final boolean bars;
  private final boolean colours;
  private boolean answered;

  private Console(
      PrintStream out,
      PrintStream err,
      boolean canAsk,
      boolean redraws,
      boolean bars,
      boolean colours) {
    this.out = out;
    this.err = err;
    this.canAsk = canAsk;
    this.redraws = redraws;
    this.bars = bars;
    this.colours = colours;
  }

  /** The process's own streams. */
  public static Console ofProcess(Map<String, String> environment) {
    return ofProcess(environment, stream(FileDescriptor.out), stream(FileDescriptor.err));
  }

  static Console ofProcess(Map<String, String> environment, PrintStream out, PrintStream err) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean coloured = !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean outIsTerminal = Boolean.getBoolean(OUT_IS_TERMINAL);
    return new Console(
        out,
        err,
        Boolean.getBoolean(IN_IS_TERMINAL) && Boolean.getBoolean(ERR_IS_TERMINAL),
        outIsTerminal && !dumb,
        Boolean.getBoolean(ERR_IS_TERMINAL) && !dumb,
        coloured && outIsTerminal);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Streams that are no terminal: no bars, no colours, nothing redrawn. */
  public static Console of(PrintStream out, PrintStream err) {
    return new Console(out, err, false, false, false, false);
  }

  /** Where answers go. */
  public PrintStream out() {
    return out;
  }

  /** Where messages go. */
  public PrintStream err() {
    return err;
  }

  /** Begins an answer that stands in the place of the one before, where the terminal can. */
  public void redraw() {
    if (redraws) {
      out.print(CLEAR_SCREEN);
    } else if (answered) {
      out.println();
    }
    answered = true;
  }

  public boolean colours() {
    return colours;
  }

  /** {@code text} in a colour, where the terminal has any. */
  public String coloured(String text, Colour colour) {
    return colours ? "\033[1;" + colour.code + "m" + text + "\033[0m" : text;
  }

  /** Whether a person can be asked. */
  public boolean canAsk() {
    return canAsk;
  }

  /** Asks a question that only a yes answers with yes. */
  public boolean confirms(String question) {
    err.print(question + " [y/N] ");
    err.flush();
    Scanner answers = new Scanner(System.in, Charset.defaultCharset());
    // Ctrl-D ends the input without a line.
    return answers.hasNextLine() && answers.nextLine().strip().equalsIgnoreCase("y");
  }

  /** Says something that is not the answer. */
  public void say(String message) {
    err.println(message);
  }

  /** Answers with a line of text. */
  public void answer(String line) {
    out.println(line);
  }

  /** Answers with one JSON document. */
  public void answer(JsonNode document) {
    try {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with one JSON document on one line, one of several. */
  public void answerLine(JsonNode document) {
    out.println(document);
  }

  /**
   * Shows the progress of a step that may be long: a bar on a terminal, a line now and then
   * elsewhere.
   *
   * @param what the step, as "publishing"
   * @param unit what is counted, as "rows"
   */
  public ProgressDisplay progress(String what, String unit) {
    return bars
        ? new BarProgress(err, what, unit)
        : new LineProgress(err, what, unit, System::nanoTime);
  }
}
