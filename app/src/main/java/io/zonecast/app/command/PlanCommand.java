package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.SettingsException;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.ingest.publish.Change;
import io.zonecast.ingest.publish.ChangeListing;
import io.zonecast.ingest.publish.ChangesCsv;
import io.zonecast.ingest.publish.OfflinePlan;
import io.zonecast.ingest.publish.Plan;
import io.zonecast.ingest.publish.PlanDigest;
import io.zonecast.ingest.publish.PublishException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Shows what publishing FILE would change, and changes nothing.",
    footer = {
      "",
      "Example:  zonecast plan usps-2024-04.txt --list changes.csv --out april.plan",
      "          zonecast plan --offline charts/*.csv",
      "Exits with 3 if publishing would be refused."
    })
public final class PlanCommand implements Callable<Integer> {
  private static final int MOST_WORDS = 40;

  private final Console console;
  private final Shutdown shutdown;

  @Mixin private final PublishOptions options = new PublishOptions();

  @Mixin private final CommonOptions common;

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description = "Writes every change there, as CSV.",
      order = 1)
  private @Nullable Path list;

  @Option(
      names = "--out",
      paramLabel = "PLAN",
      description = "Saves what was found, for publish --approved.",
      order = 1)
  private @Nullable Path out;

  @Option(
      names = "--offline",
      description = "Asks no broker: what FILE has, and what is wrong with it.",
      order = 2)
  private boolean offline;

  @Option(names = "--json", description = "Prints one JSON document.", order = 2)
  private boolean json;

  public PlanCommand(Console console, CommonOptions common, Shutdown shutdown) {
    this.console = console;
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws IOException, PublishException, InterruptedException {
    requireOther("--list", list);
    requireOther("--out", out);
    if (offline) {
      return planOffline();
    }
    Plan plan;
    PlanDigest digest = new PlanDigest();
    try (PhaseProgress progress = new PhaseProgress(console);
        ReplacedFile saved = out == null ? null : ReplacedFile.at(out, "--out")) {
      PublishOptions.Prepared prepared =
          options.prepare(
              common,
              Optional.empty(),
              Optional.empty(),
              new Problems(),
              progress,
              console,
              created -> {});
      shutdown.onSignal(() -> prepared.publisher().cancel(Shutdown.PATIENCE));
      ChangeListing saving = out == null ? ChangeListing.NONE : digest;
      if (list == null) {
        plan = prepared.publisher().plan(prepared.edition(), saving);
      } else {
        try (ReplacedFile listing = ReplacedFile.at(list, "--list")) {
          try (ChangesCsv changes = new ChangesCsv(listing.writer())) {
            ChangeListing both =
                change -> {
                  changes.add(change);
                  saving.add(change);
                };
            plan = prepared.publisher().plan(prepared.edition(), both);
          }
          listing.keep();
        }
      }
      if (saved != null) {
        PlanFile.write(saved, plan, digest);
        saved.keep();
      }
    }
    PublishAnswer answer = new PublishAnswer(plan.report(), plan.refusals());
    answer.complain(console);
    if (json) {
      ObjectNode document = answer.json();
      PublishAnswer.changes(document.putArray("changes"), plan.firstChanges());
      console.answer(document);
    } else {
      print(plan, answer);
    }
    return plan.refusals().isEmpty() ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
  }

  private void requireOther(String option, @Nullable Path written) throws IOException {
    if (written != null && options.reads(written)) {
      throw new SettingsException(
          "%s %s: is the file that is compared, and would be overwritten; name another one"
              .formatted(option, written));
    }
  }

  private int planOffline() throws IOException, PublishException, InterruptedException {
    if (list != null || out != null) {
      throw new SettingsException(
          "--list and --out write what differs from the topic; leave out --offline");
    }
    OfflinePlan plan;
    try (PhaseProgress progress = new PhaseProgress(console)) {
      plan = options.offline(progress);
    }
    PublishAnswer answer = new PublishAnswer(plan.report(), plan.refusals());
    answer.complain(console);
    if (json) {
      ObjectNode document = answer.json();
      plan.carriers()
          .forEach((carrier, its) -> addTo(document.withObject("/contents"), carrier, its));
      console.answer(document);
    } else {
      plan.files().forEach(console::answer);
      console.answer(answer.counts());
      plan.carriers().forEach(this::print);
    }
    return plan.refusals().isEmpty() ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
  }

  private void print(String carrier, OfflinePlan.Contents its) {
    console.answer("carrier " + carrier + ": " + Figures.count(its.rows(), "row", "rows"));
    console.answer("  codes: " + words(its.codes()));
    console.answer("  zones: " + words(its.zones()));
  }

  private static String words(Map<String, Long> counts) {
    return counts.entrySet().stream()
            .limit(MOST_WORDS)
            .map(each -> each.getKey() + " (" + Figures.count(each.getValue()) + ")")
            .collect(Collectors.joining(", "))
        + (counts.size() > MOST_WORDS
            ? ", and " + Figures.count(counts.size() - MOST_WORDS) + " more"
            : "");
  }

  private static void addTo(ObjectNode contents, String carrier, OfflinePlan.Contents its) {
    ObjectNode node = contents.putObject(carrier).put("rows", its.rows());
    its.codes().forEach(node.putObject("codes")::put);
    its.zones().forEach(node.putObject("zones")::put);
  }

  private void print(Plan plan, PublishAnswer answer) {
    console.answer(plan.report().file() + " against topic " + plan.report().topic());
    console.answer(answer.counts());
    for (Change change : plan.firstChanges()) {
      console.answer("  " + change);
    }
    PublishAnswer.more(
        console, plan.report().counts().records() - plan.firstChanges().size(), list);
  }
}
