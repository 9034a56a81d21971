package io.zonecast.app.command;

import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.DurationConverter;
import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.ingest.publish.ApprovedPlan;
import io.zonecast.ingest.publish.Guards;
import io.zonecast.ingest.publish.OfflinePlan;
import io.zonecast.ingest.publish.PublishException;
import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.publish.PublishedBy;
import io.zonecast.ingest.publish.Refusal;
import io.zonecast.ingest.publish.RowRules;
import io.zonecast.ingest.publish.ZonePublisher;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.source.ZoneFileException;
import io.zonecast.schemas.serde.RowSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What {@code plan} and {@code publish} have in common: all but what they do with the difference.
 */
final class PublishOptions {
  private static final Guards ANY = Guards.STRICT;
  private static final Clock CLOCK = Clock.systemUTC();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "The zone file, or the files that are one edition; gzip is seen by its content.")
  private List<String> files = List.of();

  @Option(
      names = "--later-files-win",
      description = "Of two zones for a pair, the later FILE's.",
      order = 15)
  private boolean laterFilesWin;

  @Mixin private final ZoneFileOptions reading = new ZoneFileOptions();

  @Option(
      names = "--max-removed",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description = "Refuse when more of a carrier would go (5).",
      order = 13)
  private String maxRemoved = "";

  @Option(
      names = "--max-changed",
      paramLabel = "PERCENT",
      defaultValue = "50",
      description = "Refuse when more would change, and 1,000 rows (50).",
      order = 13)
  private String maxChanged = "";

  @Option(
      names = "--skip-bad-rows",
      description = "Publish the rest of a file with bad rows.",
      order = 14)
  private boolean skipBadRows;

  @Option(
      names = "--allow-contradictions",
      description = "Of two zones for a pair, the last wins.",
      order = 15)
  private boolean allowContradictions;

  @Option(
      names = "--new-shapes",
      description = "Accept shorter codes and decimal zones.",
      order = 16)
  private boolean newShapes;

  @Option(names = "--early", description = "Accept rows that take effect after today.", order = 16)
  private boolean early;

  @Mixin private final RuleOptions rules = new RuleOptions();

  @Option(names = "--allow-empty", description = "Accept a file without rows.", order = 16)
  private boolean allowEmpty;

  @Option(
      names = "--transaction-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "2m",
      description = "How long publishing may take (2m).",
      order = 17)
  private Duration transactionTimeout = Duration.ZERO;

  @Mixin private final TopicOptions topic = new TopicOptions();

  @Mixin private final NewTopicOption newTopic = new NewTopicOption();

  /** The file and the publisher for it. */
  record Prepared(Edition edition, ZonePublisher publisher, int partitions) {}

  /**
   * @param log who publishes, for the log; empty to write none
   * @param approved the only difference that may be published; empty for any
   * @param problems what else is wrong with the command's options
   * @param announced hears of a topic that is created
   */
  Prepared prepare(
      CommonOptions common,
      Optional<PublishedBy> log,
      Optional<ApprovedPlan> approved,
      Problems problems,
      PhaseProgress progress,
      Console console,
      Consumer<String> announced)
      throws ZoneFileException {
    common.check(problems);
    int partitions = topic.partitions(problems);
    Guards guards = guards(approved, problems);
    PublishSettings settings =
        problems.attempt(
            () ->
                new PublishSettings(
                    common.topic(),
                    partitions,
                    transactionTimeout,
                    guards,
                    log,
                    newTopic.rule(announced)),
            PublishSettings.of(common.topic()));
    FileOptions options = reading.check(problems);
    problems.throwIfAny();

    KafkaSettings kafka = common.kafka();
    KafkaReach.ask(common, console);
    return new Prepared(
        edition(options),
        new ZonePublisher(
            KafkaClients.ofPublishing(kafka, "publish"),
            RowSerdes.of(kafka.producer(), kafka.consumer(), common.topic()),
            settings,
            progress),
        partitions);
  }

  /** What can be said of the files without a broker. */
  OfflinePlan offline(PhaseProgress progress)
      throws IOException, PublishException, InterruptedException {
    Problems problems = new Problems();
    Guards guards = guards(Optional.empty(), problems);
    FileOptions options = reading.check(problems);
    problems.throwIfAny();
    return OfflinePlan.of(edition(options), guards, progress);
  }

  private Edition edition(FileOptions options) throws ZoneFileException {
    List<ZoneFile> opened = new ArrayList<>();
    for (String file : files) {
      opened.add(ZoneFile.open(Path.of(file), options));
    }
    return new Edition(opened, laterFilesWin);
  }

  /** Whether {@code other} is one of the zone files, by whatever name. */
  boolean reads(Path other) throws IOException {
    for (String file : files) {
      Path read = Path.of(file);
      if (Files.exists(read) && Files.exists(other) && Files.isSameFile(read, other)) {
        return true;
      }
    }
    return false;
  }

  private Guards guards(Optional<ApprovedPlan> approved, Problems problems)
      throws ZoneFileException {
    RowRules asked = rules.check(problems, LocalDate.now(CLOCK));
    Set<Refusal.Guard> off = EnumSet.noneOf(Refusal.Guard.class);
    off(off, skipBadRows, Refusal.Guard.BAD_ROWS);
    off(off, allowContradictions, Refusal.Guard.CONTRADICTIONS);
    off(off, allowEmpty, Refusal.Guard.EMPTY_FILE);
    off(off, newShapes, Refusal.Guard.SHAPES);
    off(off, early, Refusal.Guard.EARLY);
    return problems.attempt(
        () ->
            new Guards(
                percent("--max-removed", maxRemoved),
                percent("--max-changed", maxChanged),
                asked,
                approved,
                off),
        ANY);
  }

  private static double percent(String option, String text) {
    try {
      return Double.parseDouble(text.replaceFirst("\\s*%$", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s \"%s\": give a percentage, 0 to 100".formatted(option, text));
    }
  }

  private static void off(Set<Refusal.Guard> off, boolean given, Refusal.Guard guard) {
    if (given) {
      off.add(guard);
    }
  }
}
