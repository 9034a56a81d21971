package io.zonecast.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A scratch directory until its server's {@link CommandProcess} looks after it: deleted by a shell
 * if this JVM ends meanwhile, however it ends. The shell is there before the directory is, so that
 * no moment is left in which a SIGKILL would leave the directory behind.
 */
final class ScratchGuard implements AutoCloseable {
  private static final Set<PosixFilePermission> OWNERS_ALONE =
      PosixFilePermissions.fromString("rwx------");

  /** Waits for a word; the kernel closes the pipe when this JVM is gone. */
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      word=
      read -r word
      [ "$word" = keep ] || rm -rf "$1"
      """;

  private final Path directory;
  private final Process guard;

  private ScratchGuard(Path directory, Process guard) {
    this.directory = directory;
    this.guard = guard;
  }

  /** Makes an empty directory, whose name begins with {@code prefix}, for this user alone. */
  static ScratchGuard make(String prefix) throws IOException {
    Path directory =
        Path.of(System.getProperty("java.io.tmpdir")).resolve(prefix + UUID.randomUUID());
    List<String> command = new ArrayList<>();
    Executables.find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(List.of("sh", "-c", GUARD, "guard", directory.toString()));
    Process guard =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNERS_ALONE));
    return new ScratchGuard(directory, guard);
  }

  Path directory() {
    return directory;
  }

  /** Leaves the directory to somebody else's care. */
  @Override
  public void close() {
    try (Writer word = guard.outputWriter()) {
      word.write("keep\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the guard of " + directory + " has ended too early", e);
    }
  }

  /** Deletes {@code directory} with all it holds, if it is still there. */
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
