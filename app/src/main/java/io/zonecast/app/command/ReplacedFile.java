package io.zonecast.app.command;

import io.zonecast.app.settings.SettingsException;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written beside its place and moved there when it is whole: until then, and where
 * that never comes, what was there stays. A pipe or a device is written where it is.
 */
final class ReplacedFile implements Closeable {
  private final Path place;
  private final Path written;

  private ReplacedFile(Path place, Path written) {
    this.place = place;
    this.written = written;
  }

  /**
   * @param option what named it, for messages
   * @throws SettingsException if there can be no such file
   */
  static ReplacedFile at(Path file, String option) throws IOException {
    if (Files.isDirectory(file)) {
      throw new SettingsException(
          "%s %s: is a directory; name a file in it".formatted(option, file));
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return new ReplacedFile(file, file);
    }
    // Moving onto a link would replace the link.
    Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = place.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new SettingsException(
          "%s %s: there is no such directory; make it, or name a file elsewhere"
              .formatted(option, file));
    }
    String name = "%s.%d.part".formatted(place.getFileName(), ProcessHandle.current().pid());
    return new ReplacedFile(place, folder.resolve(name));
  }

  Writer writer() throws IOException {
    return new BufferedWriter(new OutputStreamWriter(stream(), StandardCharsets.UTF_8));
  }

  OutputStream stream() throws IOException {
    return Files.newOutputStream(
        written,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /** It is whole, and its writer closed: puts it into its place. */
  void keep() throws IOException {
    if (!written.equals(place)) {
      Files.move(
          written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Takes away what was not kept. */
  @Override
  public void close() throws IOException {
    if (!written.equals(place)) {
      Files.deleteIfExists(written);
    }
  }
}
