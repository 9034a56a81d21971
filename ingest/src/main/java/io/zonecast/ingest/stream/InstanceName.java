package io.zonecast.ingest.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The name under which a member of the group is known also after a restart. Where no one gives one,
 * it is made once and kept beside the copies of the table that belong to it: whoever has those is
 * the same member. Two processes cannot have one state directory, so that no two have one name.
 */
final class InstanceName {
  private static final String SUFFIX = ".instance";

  private InstanceName() {}

  static String of(StreamSettings settings) {
    return settings.instance().orElseGet(() -> kept(settings));
  }

  private static String kept(StreamSettings settings) {
    Path file = settings.stateDirectory().resolve(settings.group() + SUFFIX);
    try {
      if (Files.exists(file)) {
        String name = Files.readString(file).strip();
        if (!name.isEmpty()) {
          return name;
        }
      }
      Files.createDirectories(settings.stateDirectory());
      String name = settings.group() + '-' + UUID.randomUUID();
      Files.writeString(file, name + '\n', StandardCharsets.UTF_8);
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(
          ("state directory %s: cannot be written (%s); name another with"
                  + " kafka.streams.state.dir in the file of --config")
              .formatted(settings.stateDirectory(), e),
          e);
    }
  }
}
