package io.zonecast.app.settings;

import io.zonecast.ingest.stream.StreamSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the streams of updates, the same for who runs one and for who asks. */
public final class StreamGroupOption {
  @Option(
      names = "--stream-group",
      paramLabel = "NAME",
      description = "The streams' group (the topic's name with -stream).",
      order = 91)
  private @Nullable String group;

  /** Reads it; notes what is wrong with it. */
  public String read(CommonOptions common, Problems problems) {
    if (group != null && !group.matches("[A-Za-z0-9._-]{1,200}")) {
      problems.add(
          "--stream-group \"%s\": use 1 to 200 letters, digits, dots, underscores and hyphens"
              .formatted(group));
    }
    return of(common.topic());
  }

  /** The group of the streams of {@code topic}. */
  public String of(String topic) {
    return group == null ? StreamSettings.groupOf(topic) : group;
  }
}
