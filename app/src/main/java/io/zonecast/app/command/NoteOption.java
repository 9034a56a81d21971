package io.zonecast.app.command;

import io.zonecast.app.settings.Problems;
import io.zonecast.ingest.publish.PublishedBy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the log of publishes says about who publishes. */
final class NoteOption {
  private static final int LONGEST = 1_000;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      description = "What zonecast history says about it.",
      order = 18)
  private @Nullable String note;

  PublishedBy publishedBy(Problems problems) {
    if (note != null && note.length() > LONGEST) {
      problems.add("--note: %d characters; give %d at most".formatted(note.length(), LONGEST));
    }
    return PublishedBy.process(Optional.ofNullable(note));
  }
}
