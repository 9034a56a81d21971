package io.zonecast.sink.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.sink.timing.Scheduler;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What happened in a run, a line each: the last lines, and a checksum of all. */
final class Trace {
  private static final int KEPT = 400;

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

  void line(String format, Object... arguments) {
    String line =
        "%8d %10.4f %s"
            .formatted(
                scheduler.steps(),
                scheduler.nowNanos() / 1e9,
                String.format(Locale.ROOT, format, arguments));
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

  /** The last lines, the latest last. */
  List<String> last(int count) {
    return last.stream().skip(Math.max(0, last.size() - count)).toList();
  }

  /** The same for two runs only if every line was. */
  String checksum() {
    return "%d lines, crc %08x".formatted(lines, checksum.getValue());
  }
}
