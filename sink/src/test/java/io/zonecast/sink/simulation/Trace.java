package io.zonecast.sink.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.sink.timing.Scheduler;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What happened in a run, a line each: the last lines, and a checksum of all. */
final class Trace {
  private static final int KEPT = 400;
  private static final int STEP_WIDTH = 8;
  private static final int SECONDS_WIDTH = 11;
  private static final int NANOS_OF_A_DIGIT = 100_000;

  private final Scheduler scheduler;
  private final @Nullable PrintStream out;
  private final Deque<String> last = new ArrayDeque<>();
  private final CRC32 checksum = new CRC32();
  private long lines;

  /**
   * @param out gets every line; may be null
   */
  Trace(Scheduler scheduler, @Nullable PrintStream out) {
    this.scheduler = scheduler;
    this.out = out;
  }

  /**
   * Adds a line. There are thousands in each run, so that this is no {@link String#format}.
   *
   * @param format has a {@code %s} in the place of each argument
   */
  void line(String format, Object... arguments) {
    var text = new StringBuilder(160);
    appendRight(text, String.valueOf(scheduler.steps()), STEP_WIDTH);
    long digits = (scheduler.nowNanos() + NANOS_OF_A_DIGIT / 2) / NANOS_OF_A_DIGIT;
    String fraction = String.valueOf(10_000 + digits % 10_000).substring(1);
    appendRight(text, digits / 10_000 + "." + fraction, SECONDS_WIDTH);
    text.append(' ');
    int from = 0;
    for (Object argument : arguments) {
      int place = format.indexOf("%s", from);
      text.append(format, from, place).append(argument);
      from = place + 2;
    }
    String line = text.append(format, from, format.length()).toString();
    lines++;
    byte[] bytes = line.getBytes(UTF_8);
    checksum.update(bytes, 0, bytes.length);
    last.add(line);
    if (last.size() > KEPT) {
      last.remove();
    }
    if (out != null) {
      out.println(line);
    }
  }

  private static void appendRight(StringBuilder text, String what, int width) {
    text.append(" ".repeat(Math.max(0, width - what.length()))).append(what);
  }

  /** The last lines, the latest last. */
  List<String> last(int count) {
    return last.stream().skip(Math.max(0, last.size() - count)).toList();
  }

  /** The same for two runs only if every line was. */
  String checksum() {
    return "%d lines, crc %08x".formatted(lines, checksum.getValue());
  }
}
