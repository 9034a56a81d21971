package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Figures;
import io.zonecast.ingest.publish.CarrierChange;
import io.zonecast.ingest.publish.Change;
import io.zonecast.ingest.publish.DiffCounts;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.Refusal;
import io.zonecast.ingest.publish.ZoneDiff;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.schemas.KeyPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code plan} and {@code publish} say, as text and as JSON, whose keys are a contract. */
public final class PublishAnswer {
  private final PublishReport report;
  private final List<Refusal> refusals;

  public PublishAnswer(PublishReport report, List<Refusal> refusals) {
    this.report = report;
    this.refusals = List.copyOf(refusals);
  }

  /** The counts in one line. */
  String counts() {
    DiffCounts counts = report.counts();
    StringBuilder line = new StringBuilder();
    line.append(Figures.count(counts.rows(), "row", "rows"))
        .append(": ")
        .append(Figures.count(counts.added()))
        .append(" added, ")
        .append(Figures.count(counts.changed()))
        .append(" changed, ")
        .append(Figures.count(counts.removed()))
        .append(" removed, ")
        .append(Figures.count(counts.unchanged()))
        .append(" unchanged");
    if (counts.repeated() > 0) {
      line.append(", ").append(Figures.count(counts.repeated())).append(" repeated");
    }
    if (counts.rejected() > 0) {
      line.append(", ").append(Figures.count(counts.rejected())).append(" rejected");
    }
    return line.toString();
  }

  /** Says on standard error which rows are bad, and what the guards refused. */
  public void complain(Console console) {
    list(console, "bad", report.diff().problems(), report.counts().rejected());
    list(
        console,
        "contradicting",
        report.diff().contradictionSamples(),
        report.diff().contradictions());
    for (CarrierChange carrier : report.diff().carriers()) {
      if (carrier.removalsWithheld()) {
        console.say(
            "zonecast: no row of carrier "
                + carrier.name()
                + " is removed, since a bad row may be any of them; mend the file");
      }
    }
    if (report.diff().misplaced() > 0) {
      console.say(
          "zonecast: ignored on another partition than their key's: "
              + Figures.count(report.diff().misplaced(), "record", "records")
              + "; have their "
              + KeyPartition.ADVICE);
    }
    ZoneDiff.Shapes shapes = report.diff().shapes();
    if (shapes.expandedLines() > 0) {
      console.say(
          "zonecast: ranges: %s became %s"
              .formatted(
                  Figures.count(shapes.expandedLines(), "line", "lines"),
                  Figures.count(shapes.expandedRows(), "row", "rows")));
    }
    shapes.notes().forEach(note -> console.say("zonecast: note: " + note));
    refusals.forEach(refusal -> console.say("zonecast: refused: " + refusal.message()));
  }

  private void list(Console console, String kind, List<RowProblem> problems, long all) {
    for (RowProblem problem : problems) {
      console.say(
          "zonecast: "
              + kind
              + " row: "
              + (problem.file().isEmpty() ? report.file() + " " : "")
              + problem);
    }
    if (all > problems.size()) {
      console.say(
          "zonecast: and " + Figures.count(all - problems.size()) + " more " + kind + " rows");
    }
  }

  public ObjectNode json() {
    DiffCounts counts = report.counts();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("topic", report.topic());
    document.put("file", report.file());
    document.put("sha256", String.join(",", report.diff().checksums()));
    document.put("rows", counts.rows());
    document.put("added", counts.added());
    document.put("changed", counts.changed());
    document.put("removed", counts.removed());
    document.put("unchanged", counts.unchanged());
    document.put("repeated", counts.repeated());
    document.put("rejected", counts.rejected());
    document.put("misplaced", report.diff().misplaced());
    document.put("bytes", report.bytes());
    document.put("seconds", Figures.seconds(report.elapsed()));
    refusals(document.putArray("refusals"), refusals);
    problems(document.putArray("problems"), report.diff().problems());
    problems(document.putArray("contradictions"), report.diff().contradictionSamples());
    ArrayNode carriers = document.putArray("carriers");
    for (CarrierChange carrier : report.diff().carriers()) {
      carriers
          .addObject()
          .put("carrier", carrier.carrier())
          .put("rowsInTopic", carrier.rowsInTopic())
          .put("removed", carrier.removed())
          .put("removalsWithheld", carrier.removalsWithheld());
    }
    return document;
  }

  static void refusals(ArrayNode into, List<Refusal> refusals) {
    for (Refusal refusal : refusals) {
      into.addObject()
          .put("guard", refusal.guard().name())
          .put("option", refusal.guard().option())
          .put("message", refusal.message());
    }
  }

  private static void problems(ArrayNode into, List<RowProblem> problems) {
    for (RowProblem problem : problems) {
      ObjectNode node = into.addObject();
      if (!problem.file().isEmpty()) {
        node.put("file", problem.file());
      }
      node.put("line", problem.line())
          .put("column", problem.column())
          .put("value", problem.value())
          .put("reason", problem.reason());
    }
  }

  /** Says how many changes are not shown, and where to find them. */
  static void more(Console console, long more, @Nullable Path list) {
    if (more > 0) {
      console.answer(
          "  and "
              + Figures.count(more)
              + " more"
              + (list == null ? "; --list FILE writes all" : ", all in " + list));
    }
  }

  static void changes(ArrayNode into, List<Change> changes) {
    for (Change change : changes) {
      ObjectNode node =
          into.addObject()
              .put("change", change.kind().name().toLowerCase(Locale.ROOT))
              .put("key", change.key());
      node.put("before", change.before().map(Change.Value::toString).orElse(null));
      node.put("after", change.after().map(Change.Value::toString).orElse(null));
    }
  }
}
