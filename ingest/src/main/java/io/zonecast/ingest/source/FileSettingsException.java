package io.zonecast.ingest.source;

import java.nio.file.Path;

/**
 * A file that the settings given do not fit, such as a header without carriers and no {@code
 * --carrier}, or standard input: a usage error (exit 2) rather than a broken file.
 */
public final class FileSettingsException extends ZoneFileException {
  private static final long serialVersionUID = 1L;

  public FileSettingsException(Path file, String message) {
    super(file, message);
  }
}
