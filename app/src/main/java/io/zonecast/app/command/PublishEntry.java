package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedFile;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An entry of the log of publishes, as text and as JSON. */
record PublishEntry(PublishSummary summary) {

  String id() {
    return summary.getId();
  }

  String time() {
    return summary.getPublishedAt().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  String user() {
    return printable(summary.getUser());
  }

  @Nullable String note() {
    String note = summary.getNote();
    return note == null ? null : printable(note);
  }

  /** The file, or what was done without one. */
  String what() {
    if (summary.getUndoes() != null) {
      return "undo of " + summary.getUndoes();
    }
    return summary.getFiles().isEmpty()
        ? "delete of " + String.join(", ", summary.getCarriers())
        : summary.getFiles().stream()
            .map(file -> printable(file.getName()))
            .collect(Collectors.joining(", "));
  }

  /** Added, changed and removed rows. */
  String counts() {
    return "%s added, %s changed, %s removed"
        .formatted(
            Figures.count(summary.getAdded()),
            Figures.count(summary.getChanged()),
            Figures.count(summary.getRemoved()));
  }

  /** One line for a message: what it was, who did it and when. */
  String line() {
    return "%s (%s, %s, %s)".formatted(id(), what(), user(), time());
  }

  ObjectNode json(ObjectNode into) {
    into.put("id", id());
    into.put("time", summary.getPublishedAt().toString());
    into.put("user", summary.getUser());
    into.put("host", summary.getHost());
    into.put("note", summary.getNote());
    for (PublishedFile file : summary.getFiles()) {
      into.withArray("files")
          .addObject()
          .put("name", file.getName())
          .put("sha256", file.getSha256());
    }
    summary.getCarriers().forEach(into.putArray("carriers")::add);
    into.put("added", summary.getAdded());
    into.put("changed", summary.getChanged());
    into.put("removed", summary.getRemoved());
    summary.getOverrides().forEach(into.putArray("overrides")::add);
    into.put("undoes", summary.getUndoes());
    into.put("topicId", summary.getTopicId());
    into.put("partitions", summary.getPartitions());
    return into;
  }

  /** Others wrote it: nothing of it may move a terminal's cursor. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
