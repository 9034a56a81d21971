package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.ingest.publish.PublishException;
import io.zonecast.ingest.publish.PublishOutcome;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Makes the topic equal to FILE: only what differs, all or nothing.",
    footer = {
      "",
      "Example:  zonecast publish usps-2024-04.txt",
      "Exits with 3 if a guard refused, with 4 if bad rows were left out."
    })
public final class PublishCommand implements Callable<Integer> {
  private final Console console;
  private final Shutdown shutdown;

  @Mixin private final PublishOptions options = new PublishOptions();

  @Mixin private final CommonOptions common;

  @Option(names = "--json", description = "Prints one JSON document.", order = 2)
  private boolean json;

  public PublishCommand(Console console, CommonOptions common, Shutdown shutdown) {
    this.console = console;
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws IOException, PublishException, InterruptedException {
    PublishOutcome outcome;
    try (PhaseProgress progress = new PhaseProgress(console)) {
      PublishOptions.Prepared prepared = options.prepare(common, progress, console);
      // What is open is aborted, what is being committed is finished.
      shutdown.onSignal(() -> prepared.publisher().cancel(Shutdown.PATIENCE));
      outcome = prepared.publisher().publish(prepared.file());
    }
    List<Refusal> refusals =
        outcome instanceof PublishOutcome.Refused refused ? refused.refusals() : List.of();
    PublishAnswer answer = new PublishAnswer(outcome.report(), refusals);
    answer.complain(console);
    if (json) {
      ObjectNode document = answer.json();
      document.put("published", refusals.isEmpty());
      if (outcome instanceof PublishOutcome.Published published) {
        document.put("publishId", published.publishId());
      }
      console.answer(document);
    } else {
      console.answer(line(outcome, answer));
    }
    if (outcome instanceof PublishOutcome.Published published) {
      return published.partial() ? ExitCode.DONE_IN_PART : ExitCode.DONE;
    }
    return ExitCode.ANSWER_IS_NO;
  }

  private static String line(PublishOutcome outcome, PublishAnswer answer) {
    PublishReport report = outcome.report();
    String what =
        outcome instanceof PublishOutcome.Refused ? "published nothing of " : "published ";
    return what
        + report.file()
        + " to topic "
        + report.topic()
        + " in "
        + Figures.time(report.elapsed())
        + "; "
        + answer.counts();
  }
}
