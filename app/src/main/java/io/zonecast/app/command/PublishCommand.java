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
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.ingest.publish.ApprovedPlan;
import io.zonecast.ingest.publish.PublishException;
import io.zonecast.ingest.publish.PublishOutcome;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.PublishedBy;
import io.zonecast.ingest.publish.Refusal;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Makes the topic equal to FILE: only what differs, all or nothing.",
    footer = {
      "",
      "Example:  zonecast publish usps-2024-04.txt --note \"April edition\" --wait",
      "Exits with 3 if a guard refused, with 4 if bad rows were left out, or if not",
      "every node has it in time."
    })
public final class PublishCommand implements Callable<Integer> {
  private final Console console;
  private final Shutdown shutdown;

  @Mixin private final PublishOptions options = new PublishOptions();

  @Mixin private final CommonOptions common;

  @Option(
      names = "--wait",
      description = "Until every node has it; says after how long.",
      order = 1)
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "60s",
      description = "How long to wait (60s).",
      order = 2)
  private Duration timeout = Duration.ZERO;

  @Mixin private final NoteOption note = new NoteOption();

  @Option(
      names = "--approved",
      paramLabel = "PLAN",
      description = "Only what plan --out has saved there.",
      order = 4)
  private @Nullable Path approved;

  @Option(
      names = "--without-log",
      description = "Leave the log of publishes alone; no undo then.",
      order = 19)
  private boolean withoutLog;

  @Option(names = "--json", description = "Prints one JSON document.", order = 3)
  private boolean json;

  @Mixin private final CacheOptions cache = new CacheOptions();

  public PublishCommand(Console console, CommonOptions common, Shutdown shutdown) {
    this.console = console;
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws IOException, PublishException, InterruptedException {
    Optional<CacheSettings> waited = wait ? Optional.of(cacheSettings()) : Optional.empty();
    PublishOutcome outcome;
    int partitions;
    Problems problems = new Problems();
    PublishedBy publishedBy = note.publishedBy(problems);
    Optional<PublishedBy> log = withoutLog ? Optional.empty() : Optional.of(publishedBy);
    Optional<ApprovedPlan> plan = Optional.ofNullable(approved).map(PlanFile::read);
    try (PhaseProgress progress = new PhaseProgress(console)) {
      PublishOptions.Prepared prepared =
          options.prepare(
              common,
              log,
              plan,
              problems,
              progress,
              console,
              words -> console.say("zonecast: " + words));
      // What is open is aborted, what is being committed is finished.
      shutdown.onSignal(() -> prepared.publisher().cancel(Shutdown.PATIENCE));
      partitions = prepared.partitions();
      outcome = prepared.publisher().publish(prepared.edition());
    }
    List<Refusal> refusals =
        outcome instanceof PublishOutcome.Refused refused ? refused.refusals() : List.of();
    PublishAnswer answer = new PublishAnswer(outcome.report(), refusals);
    answer.complain(console);
    CacheArrival arrival = null;
    try {
      if (waited.isPresent() && outcome instanceof PublishOutcome.Published) {
        arrival = arrival(waited.get(), partitions);
      }
    } finally {
      // It is published, whatever becomes of the wait.
      answer(outcome, answer, arrival);
    }
    if (arrival != null && !arrival.isComplete()) {
      console.say("zonecast: " + arrival.behind());
    }
    if (outcome instanceof PublishOutcome.Published published) {
      return published.partial() || (arrival != null && !arrival.isComplete())
          ? ExitCode.DONE_IN_PART
          : ExitCode.DONE;
    }
    return ExitCode.ANSWER_IS_NO;
  }

  private void answer(
      PublishOutcome outcome, PublishAnswer answer, @Nullable CacheArrival arrival) {
    if (!json) {
      console.answer(line(outcome, answer) + (arrival == null ? "" : arrival.words()));
      return;
    }
    ObjectNode document = answer.json();
    document.put("published", outcome instanceof PublishOutcome.Published);
    if (outcome instanceof PublishOutcome.Published published) {
      document.put("publishId", published.publishId());
    }
    if (arrival != null) {
      arrival.addTo(document);
    }
    console.answer(document);
  }

  /** Checked before anything is published: what follows it is not to fail for a setting. */
  private CacheSettings cacheSettings() {
    Problems problems = new Problems();
    CacheSettings settings = cache.read(common, problems);
    problems.throwIfAny();
    CacheArrival.requireAgreement(settings, common.topic());
    return settings;
  }

  private CacheArrival arrival(CacheSettings settings, int partitions) throws InterruptedException {
    KafkaClients kafka = new KafkaClients(common.kafka(), "publish");
    TopicInfo topic;
    try (Admin admin = kafka.admin()) {
      topic = ZoneTopic.check(admin, common.topic(), partitions);
    }
    return CacheArrival.await(settings, topic, kafka, timeout, console);
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
