package io.zonecast.ingest.source;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that cannot be read, or not to its end; the message names it and the remedy. */
public class ZoneFileException extends IOException {
  private static final long serialVersionUID = 1L;

  ZoneFileException(Path file, String message, @Nullable Throwable cause) {
    super(file + ": " + message, cause);
  }

  ZoneFileException(Path file, String message) {
    this(file, message, null);
  }
}
