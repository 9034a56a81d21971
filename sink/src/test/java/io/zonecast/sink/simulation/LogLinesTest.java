package io.zonecast.sink.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.zonecast.sink.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/** What operators match on in a sink's log stays as it is, and the guide quotes nothing else. */
class LogLinesTest {
  private static final Path GUIDE = Path.of("..", "docs", "operations.md");

  /** A line of the log, in a block or within the text. */
  private static final Pattern QUOTED =
      Pattern.compile("(?:^(?:WARN|INFO) +|`)((?:node|topic|partitions?)[= ][^`]+)");

  /** Some ten are enough. */
  private static final int MOST_RUNS = 200;

  @Test
  void theSimulatedSinksWriteTheLinesThatOperatorsLookFor() {
    List<Line> missing = new ArrayList<>(Line.all());
    missing.removeIf(line -> !line.writer.equals("simulation"));
    LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
    TurboFilter listener = new Listener((level, text) -> missing.removeIf(l -> l.is(level, text)));
    logging.addTurboFilter(listener);
    try {
      Random seeds = new Random(SimulationTest.MASTER_SEED);
      for (int run = 0; run < MOST_RUNS && !missing.isEmpty(); run++) {
        new Run(seeds.nextLong(), Run.STEPS, null).play();
      }
    } finally {
      logging.getTurboFilterList().remove(listener);
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void theGuideQuotesNoOthers() throws IOException {
    List<String> quoted =
        Files.readAllLines(GUIDE).stream()
            .flatMap(line -> QUOTED.matcher(line).results())
            .map(found -> found.group(1))
            .filter(line -> line.matches("\\S+[= ].* .*") && !line.contains(" rejected to="))
            .toList();

    assertThat(quoted).hasSizeGreaterThan(10);
    assertThat(quoted)
        .allSatisfy(text -> assertThat(Line.all()).anyMatch(line -> line.pattern.test(text)));
  }

  /** A line of the file: who writes it in a test, its level, and its text. */
  private record Line(String writer, Level level, Predicate<String> pattern, String text) {

    static List<Line> all() {
      return Golden.read("log-lines.txt")
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" +", 3))
          .map(words -> new Line(words[0], Level.toLevel(words[1]), matching(words[2]), words[2]))
          .toList();
    }

    private static Predicate<String> matching(String text) {
      return Pattern.compile(
              Arrays.stream(text.split("\\*", -1))
                  .map(Pattern::quote)
                  .collect(Collectors.joining(".*")))
          .asMatchPredicate();
    }

    boolean is(Level its, String line) {
      return its.equals(level) && pattern.test(line);
    }

    @Override
    public String toString() {
      return level + " " + text;
    }
  }

  private interface Heard {
    void line(Level level, String text);
  }

  /** Hears what a run says, which logs nothing. */
  private static final class Listener extends TurboFilter {
    private final Heard heard;

    Listener(Heard heard) {
      this.heard = heard;
    }

    @Override
    public FilterReply decide(
        Marker marker, Logger logger, Level level, String format, Object[] with, Throwable cause) {
      if (format != null && level.isGreaterOrEqual(Level.INFO)) {
        synchronized (heard) {
          heard.line(level, MessageFormatter.arrayFormat(format, with).getMessage());
        }
      }
      return FilterReply.NEUTRAL;
    }
  }
}
