package io.zonecast.app.command;

import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.ingest.publish.Guards;
import io.zonecast.ingest.publish.PublishException;
import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.publish.TableEditor;
import io.zonecast.schemas.serde.RowSerdes;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code undo} and {@code delete} have in common: asking, and the editor. */
final class EditOptions {
  @Option(names = "--dry-run", description = "Only shows what would be done.", order = 2)
  private boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.", order = 3)
  private boolean yes;

  @Mixin private final NoteOption note = new NoteOption();

  @Mixin private final TopicOptions topic = new TopicOptions();

  /**
   * Looks at the topic.
   *
   * @param problems what else is wrong with the command's options
   */
  TableEditor open(
      CommonOptions common,
      Problems problems,
      PhaseProgress progress,
      Console console,
      String command)
      throws PublishException {
    common.check(problems);
    PublishSettings settings =
        new PublishSettings(
            common.topic(),
            topic.partitions(problems),
            PublishSettings.DEFAULT_TRANSACTION_TIMEOUT,
            Guards.STRICT,
            Optional.of(note.publishedBy(problems)));
    if (!yes && !dryRun && !console.canAsk()) {
      problems.add(
          "%s changes the table; add --yes to say that it may, or --dry-run to look"
              .formatted(command));
    }
    problems.throwIfAny();

    KafkaSettings kafka = common.kafka();
    KafkaReach.ask(common, console);
    return TableEditor.open(
        KafkaClients.ofPublishing(kafka, command),
        RowSerdes.of(kafka.producer(), kafka.consumer(), common.topic()),
        settings,
        progress,
        dryRun);
  }

  boolean dryRun() {
    return dryRun;
  }

  boolean confirms(Console console, String question) {
    return yes || console.confirms(question);
  }
}
