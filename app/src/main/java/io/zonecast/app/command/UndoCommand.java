package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.ingest.publish.DiffCounts;
import io.zonecast.ingest.publish.NoSuchPublishException;
import io.zonecast.ingest.publish.PublishException;
import io.zonecast.ingest.publish.RowRules;
import io.zonecast.ingest.publish.TableEditor;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.publishes.PublishEntry;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Restores what a publish replaced, in one transaction.",
    footer = {
      "",
      "Example:  zonecast undo 5f1d0c9a7b3e2468 --dry-run",
      "zonecast history lists the publishes. Exits with 3 if the log does not hold it",
      "or a rule refuses, with 4 if rows stay as someone wrote them later, or such a",
      "one was overwritten."
    })
public final class UndoCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The publish, as zonecast history names it.")
  private String id = "";

  @Option(
      names = "--over-later",
      description = "Restores rows that were written later too.",
      order = 1)
  private boolean overLater;

  @Mixin private final RuleOptions rules = new RuleOptions();

  @Mixin private final EditOptions edit = new EditOptions();

  @Option(names = "--json", description = "Prints one JSON document.", order = 4)
  private boolean json;

  @Mixin private final CommonOptions common;

  public UndoCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call()
      throws IOException, PublishException, NoSuchPublishException, InterruptedException {
    Problems problems = new Problems();
    RowRules asked = rules.check(problems, LocalDate.MAX);
    try (PhaseProgress progress = new PhaseProgress(console);
        TableEditor editor = edit.open(common, problems, progress, console, "undo")) {
      TableEditor.Undo undo = editor.undo(id, overLater, asked);
      progress.clear();
      show(undo);
      if (!undo.refusals().isEmpty()) {
        undo.refusals().forEach(each -> console.say("zonecast: refused: " + each.message()));
        answer(undo, "", List.of());
        return ExitCode.ANSWER_IS_NO;
      }
      boolean anything = undo.counts().records() > 0;
      if (edit.dryRun()) {
        answer(undo, "", List.of());
        return ExitCode.DONE;
      }
      if (anything && !edit.confirms(console, "Undo this?")) {
        console.say("zonecast: nothing was done");
        answer(undo, "", List.of());
        return ExitCode.ANSWER_IS_NO;
      }
      List<String> overwritten = editor.commit();
      progress.clear();
      for (String key : overwritten) {
        console.say("zonecast: overwrote an update that came meanwhile: " + key);
      }
      answer(undo, anything ? editor.editId() : "", overwritten);
      boolean all = undo.kept().isEmpty() && undo.keptAdded() == 0 && overwritten.isEmpty();
      return all ? ExitCode.DONE : ExitCode.DONE_IN_PART;
    }
  }

  /** Says what there is to know before the question. */
  private void show(TableEditor.Undo undo) {
    DiffCounts counts = undo.counts();
    console.say(
        "zonecast: undo of %s: %s restored, %s removed again"
            .formatted(
                new PublishEntry(undo.of()).line(),
                Figures.count(counts.changed() + counts.added(), "row", "rows"),
                Figures.count(counts.removed(), "added row", "added rows")));
    for (PublishSummary later : undo.later()) {
      console.say(
          "zonecast: later publish of the same carriers: " + new PublishEntry(later).line());
    }
    if (!undo.kept().isEmpty()) {
      console.say(
          "zonecast: %s written later, kept as %s; --over-later restores them anyway"
              .formatted(
                  Figures.count(undo.kept().size(), "row was", "rows were"),
                  undo.kept().size() == 1 ? "it is" : "they are"));
    }
    if (undo.keptAdded() > 0) {
      console.say(
          "zonecast: %s written later, and stay as they are"
              .formatted(Figures.count(undo.keptAdded(), "added row was", "added rows were")));
    }
  }

  /**
   * @param editId empty where nothing was written
   */
  private void answer(TableEditor.Undo undo, String editId, List<String> overwritten) {
    DiffCounts counts = undo.counts();
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("topic", common.topic());
      document.put("undoes", id);
      document.put("publishId", editId.isEmpty() ? null : editId);
      document.put("added", counts.added());
      document.put("changed", counts.changed());
      document.put("removed", counts.removed());
      undo.kept().forEach(document.putArray("kept")::add);
      document.put("keptAdded", undo.keptAdded());
      overwritten.forEach(document.putArray("overwritten")::add);
      PublishAnswer.refusals(document.putArray("refusals"), undo.refusals());
      ArrayNode later = document.putArray("laterPublishes");
      undo.later().forEach(each -> new PublishEntry(each).json(later.addObject()));
      console.answer(document);
      return;
    }
    undo.kept().forEach(key -> console.answer("kept " + key));
    if (!editId.isEmpty()) {
      console.answer(
          "undid publish %s in topic %s: %s added, %s changed, %s removed; this is publish %s"
              .formatted(
                  id,
                  common.topic(),
                  Figures.count(counts.added()),
                  Figures.count(counts.changed()),
                  Figures.count(counts.removed()),
                  editId));
    }
  }
}
