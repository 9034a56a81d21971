package io.zonecast.schemas.publishes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedFile;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log of publishes, as text and as JSON.
 *
 * @param rows how many rows the table had after it; null if that is unknown
 */
public record PublishEntry(PublishSummary summary, @Nullable Long rows) {
  /** The header of the summary's record that has the number of rows, in decimal digits. */
  public static final String ROWS = "zonecast.rows";

  public PublishEntry(PublishSummary summary) {
    this(summary, null);
  }

  /** Reads the number of rows from the headers of the summary's record. */
  static PublishEntry of(PublishSummary summary, Headers headers) {
    Header rows = headers.lastHeader(ROWS);
    return new PublishEntry(
        summary,
        rows == null ? null : Long.valueOf(new String(rows.value(), StandardCharsets.US_ASCII)));
  }

  public String id() {
    return summary.getId();
  }

  public String time() {
    return summary.getPublishedAt().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public String user() {
    return printable(summary.getUser());
  }

  public @Nullable String note() {
    String note = summary.getNote();
    return note == null ? null : printable(note);
  }

  /** The file, or what was done without one. */
  public String what() {
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
  public String counts() {
    return String.format(
        Locale.ROOT,
        "%,d added, %,d changed, %,d removed",
        summary.getAdded(),
        summary.getChanged(),
        summary.getRemoved());
  }

  String countsAndNote() {
    return counts() + (note() == null ? "" : ": " + note());
  }

  /** One line for a message: what it was, who did it and when. */
  public String line() {
    return "%s (%s, %s, %s)".formatted(id(), what(), user(), time());
  }

  public ObjectNode json(ObjectNode into) {
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
