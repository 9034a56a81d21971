package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.ingest.publish.PublishException;
import io.zonecast.ingest.publish.TableEditor;
import io.zonecast.schemas.ZoneKey;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Removes all rows of a carrier, in one transaction.",
    footer = {
      "",
      "Example:  zonecast delete ups --note \"contract ended\"",
      "zonecast undo brings them back. Exits with 3 if the carrier has no rows."
    })
public final class DeleteCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "CARRIER", description = "In lower case: usps.")
  private String carrier = "";

  @Mixin private final EditOptions edit = new EditOptions();

  @Option(names = "--json", description = "Prints one JSON document.", order = 4)
  private boolean json;

  @Mixin private final CommonOptions common;

  public DeleteCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws PublishException, InterruptedException {
    Problems problems = new Problems();
    problems.attempt(() -> ZoneKey.of(carrier, "-", "-").carrier(), "");
    try (PhaseProgress progress = new PhaseProgress(console);
        TableEditor editor = edit.open(common, problems, progress, console, "delete")) {
      long rows = editor.delete(carrier);
      progress.clear();
      String found =
          "%s of carrier %s in topic %s"
              .formatted(Figures.count(rows, "row", "rows"), carrier, common.topic());
      if (rows == 0 || edit.dryRun()) {
        answer(found + "; nothing was done", rows, false);
        return rows == 0 ? ExitCode.ANSWER_IS_NO : ExitCode.DONE;
      }
      if (!edit.confirms(console, "This removes " + found + ". Go on?")) {
        answer(found + "; nothing was done", rows, false);
        return ExitCode.ANSWER_IS_NO;
      }
      List<String> overwritten = editor.commit();
      progress.clear();
      overwritten.forEach(
          key -> console.say("zonecast: removed an update that came meanwhile: " + key));
      answer("removed " + found + "; this is publish " + editor.editId(), rows, true);
      return ExitCode.DONE;
    }
  }

  private void answer(String line, long rows, boolean done) {
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("topic", common.topic());
      document.put("carrier", carrier);
      document.put("removed", done ? rows : 0);
      document.put("rows", rows);
      console.answer(document);
    } else {
      console.answer(line);
    }
  }
}
