package io.zonecast.app;

import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.DurationConverter;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.trust.ListenerProbe;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.Verdict;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Shows how far behind the sinks are, in seconds and records.",
    footer = {
      "",
      "Example:  zonecast lag --max-lag-seconds 60 || page-somebody",
      "Records are an upper bound, since compaction leaves gaps; --count reads them."
    })
final class LagCommand implements Callable<Integer> {
  private static final String CLEAR_SCREEN = "\033[H\033[2J";

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Option(names = "--count", description = "Counts the records exactly: reads them.")
  private boolean count;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Looks again and again, so far apart: 2s.")
  private @Nullable Duration watch;

  @Option(
      names = "--max-lag-seconds",
      paramLabel = "N",
      description = "Exits with 3 if further behind.")
  private @Nullable Integer maxLagSeconds;

  @Option(names = "--json", description = "JSON; a line each with --watch.")
  private boolean json;

  LagCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    if (maxLagSeconds != null && maxLagSeconds < 0) {
      problems.add("--max-lag-seconds %d: below 0; give seconds".formatted(maxLagSeconds));
    }
    CacheSettings settings = cache.read(common, problems);
    problems.throwIfAny();
    ListenerProbe.requireMatch(common.kafka(), common.fileName());
    KafkaClients kafka = new KafkaClients(common.kafka(), "lag");
    try (Admin admin = kafka.admin()) {
      LagProbe probe =
          new LagProbe(
              admin,
              kafka::reader,
              common.topic(),
              settings.group(),
              new CacheNodes(
                  settings.nodes(), settings.group(), common.topic(), settings.writtenWith()));
      LagReport report = probe.look(count);
      if (report.verdict() == Verdict.NEVER_RAN && !cache.groupIsDefault()) {
        // A sink of the default name may be yet to come; another name is likely a slip.
        probe.requireGroup();
      }
      show(report);
      while (watch != null) {
        Thread.sleep(watch.toMillis());
        report = probe.look(count);
        show(report);
      }
      return withinLimit(report) ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
    }
  }

  private void show(LagReport report) {
    if (json && watch != null) {
      console.answerLine(LagAnswer.json(report));
    } else if (json) {
      console.answer(LagAnswer.json(report));
    } else {
      if (watch != null && console.outIsTerminal()) {
        console.out().print(CLEAR_SCREEN);
      }
      LagAnswer.print(report, console);
    }
  }

  private boolean withinLimit(LagReport report) {
    if (maxLagSeconds == null) {
      return true;
    }
    // Nobody knows how far behind a node is going to be that does not answer.
    Duration behind = report.verdict() == Verdict.STALLED ? null : report.behindFor();
    return behind != null && behind.compareTo(Duration.ofSeconds(maxLagSeconds)) <= 0;
  }
}
