package io.zonecast.app.command;

import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.app.terminal.CheckedOutput;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.ingest.publish.Guards;
import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.publish.TableExport;
import io.zonecast.ingest.publish.TableExport.Exported;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.serde.RowSerdes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Writes the table as sorted CSV, as publish takes it.",
    footer = {
      "",
      "Example:  zonecast export --carrier usps --out usps.csv.gz",
      "Exits with 4 if rows were left out whose values cannot be read."
    })
public final class ExportCommand implements Callable<Integer> {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Console console;

  @Option(
      names = "--carrier",
      paramLabel = "NAME",
      description = "Only the rows of this one (all).",
      order = 1)
  private @Nullable String carrier;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to (standard output); gzip if it ends with .gz.",
      order = 2)
  private @Nullable Path file;

  @Mixin private final TopicOptions topic = new TopicOptions();

  @Mixin private final CommonOptions common;

  public ExportCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    PublishSettings settings =
        new PublishSettings(
            common.topic(),
            topic.partitions(problems),
            PublishSettings.DEFAULT_TRANSACTION_TIMEOUT,
            Guards.STRICT,
            Optional.empty());
    if (carrier != null) {
      String given = carrier;
      problems.attempt(() -> ZoneKey.of(given, "-", "-").carrier(), "");
    }
    problems.throwIfAny();

    KafkaSettings kafka = common.kafka();
    KafkaReach.ask(common, console);
    Exported exported;
    try (PhaseProgress progress = new PhaseProgress(console)) {
      TableExport export =
          new TableExport(
              KafkaClients.ofPublishing(kafka, "export"),
              RowSerdes.of(kafka.producer(), kafka.consumer(), common.topic()),
              settings,
              progress);
      exported = file == null ? toStandardOutput(export) : toFile(export, file);
    }
    if (file != null) {
      console.answer(
          "exported %s of topic %s to %s"
              .formatted(Figures.count(exported.rows(), "row", "rows"), common.topic(), file));
    }
    if (exported.unreadable() > 0) {
      console.say(
          "zonecast: left out, since the values cannot be read: "
              + Figures.count(exported.unreadable(), "row", "rows"));
      return ExitCode.DONE_IN_PART;
    }
    return ExitCode.DONE;
  }

  private Exported toStandardOutput(TableExport export) throws IOException, InterruptedException {
    OutputStream out = new BufferedOutputStream(new CheckedOutput(console), BUFFER_BYTES);
    Exported exported = export.write(Optional.ofNullable(carrier), out);
    out.flush();
    return exported;
  }

  private Exported toFile(TableExport export, Path to) throws IOException, InterruptedException {
    try (ReplacedFile whole = ReplacedFile.at(to, "--out")) {
      Exported exported;
      try (OutputStream stream = whole.stream();
          OutputStream out =
              new BufferedOutputStream(
                  to.toString().endsWith(".gz") ? new GZIPOutputStream(stream) : stream,
                  BUFFER_BYTES)) {
        exported = export.write(Optional.ofNullable(carrier), out);
      }
      whole.keep();
      return exported;
    }
  }
}
