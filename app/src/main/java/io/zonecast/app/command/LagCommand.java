package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.DurationConverter;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.monitor.Contact;
import io.zonecast.schemas.publishes.LastPublish;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagDocument;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.Verdict;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
public final class LagCommand implements Callable<Integer> {
  private static final Duration LEAST_WATCH = Duration.ofMillis(100);

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

  public LagCommand(Console console, CommonOptions common) {
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
    if (maxLagSeconds != null && watch != null) {
      problems.add(
          "--max-lag-seconds %d is for one look, and --watch never ends; leave one of them out"
              .formatted(maxLagSeconds));
    }
    if (watch != null && watch.compareTo(LEAST_WATCH) < 0) {
      problems.add(
          "--watch %d ms: brokers and nodes would be asked without a pause; give %d ms or more"
              .formatted(watch.toMillis(), LEAST_WATCH.toMillis()));
    }
    CacheSettings settings = cache.read(common, problems);
    problems.throwIfAny();
    KafkaReach.ask(common, console);
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
      show(report, probe);
      if (watch != null) {
        lookEvery(watch, probe, report);
      }
      return withinLimit(report) ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
    }
  }

  /** Until a signal ends it. A look that itself took so long is followed by the next at once. */
  private void lookEvery(Duration time, LagProbe probe, LagReport first)
      throws InterruptedException {
    LagReport shown = first;
    long dueNanos = System.nanoTime();
    while (true) {
      dueNanos = Math.max(dueNanos + time.toNanos(), System.nanoTime());
      TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
      shown = next(probe, shown);
      show(shown, probe);
    }
  }

  /** The next look; says so if what is shown has become too old meanwhile to be relied upon. */
  private LagReport next(LagProbe probe, LagReport shown) {
    long patience = Contact.LOST_AFTER.toSeconds();
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () ->
                console.say(
                    ("zonecast: no newer answer for %d s; what is shown is of %s, and may not"
                            + " hold any more")
                        .formatted(patience, shown.at().truncatedTo(ChronoUnit.SECONDS))),
            CompletableFuture.delayedExecutor(patience, TimeUnit.SECONDS));
    try {
      return probe.look(count);
    } finally {
      late.cancel(false);
    }
  }

  private void show(LagReport report, LagProbe probe) {
    LastPublish publish = LastPublish.find(probe.admin(), probe.consumers(), probe.topic());
    if (json) {
      ObjectNode document = LagDocument.of(report);
      publish.addTo(document, null);
      if (watch != null) {
        console.answerLine(document);
      } else {
        console.answer(document);
      }
    } else {
      if (watch != null) {
        console.redraw();
        console.answer(report.at().truncatedTo(ChronoUnit.SECONDS).toString());
      }
      LagAnswer.print(report, console);
      console.answer("\nlast publish: " + publish.words());
      console.answer(
          "zones: "
              + (publish.rows() == null
                  ? "unknown"
                  : Figures.count(publish.rows()) + " after it; updates since are not counted"));
    }
  }

  private boolean withinLimit(LagReport report) {
    if (maxLagSeconds == null) {
      return true;
    }
    if (report.verdict() == Verdict.STALLED) {
      // However little it is behind, nobody knows how far it is going to be.
      return false;
    }
    Duration limit = Duration.ofSeconds(maxLagSeconds);
    // What a node that is being filled lacks is as old as it may be: its time left stands for that.
    return isWithin(limit, report.behindFor())
        && report.nodes().stream()
            .filter(node -> node.state() == NodeState.FILLING)
            .allMatch(node -> isWithin(limit, node.left()));
  }

  private static boolean isWithin(Duration limit, @Nullable Duration behind) {
    return behind != null && behind.compareTo(limit) <= 0;
  }
}
