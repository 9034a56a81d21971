package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher builds: in a clone of its own, with a Maven and a Java that only note it. */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      echo "java $*"
      """;

  /** Builds as Maven does, and waits for a file where a test wants it to. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$*" >>%1$s/builds
      while [ -e %1$s/hold ]; do sleep 0.05; done
      [ ! -e %1$s/broken ] || exit 1
      layout=%1$s/clone/app/target/zonecast
      mkdir -p $layout/lib $layout/sandbox
      touch $layout/lib/one.jar $layout/built $layout/unarchived
      """;

  @TempDir private Path directory;
  private Path clone;
  private Map<String, String> environment;

  @BeforeEach
  void makeTheClone() throws IOException {
    clone = Files.createDirectory(directory.resolve("clone"));
    for (String module : List.of("schemas", "monitor", "sandbox", "ingest", "sink", "app")) {
      Files.createDirectories(clone.resolve(module).resolve("src/main"));
      old(Files.writeString(clone.resolve(module).resolve("pom.xml"), "<project/>"));
      old(clone.resolve(module).resolve("src/main"));
    }
    old(Files.writeString(clone.resolve("pom.xml"), "<project/>"));
    Files.copy(Path.of("../zonecast"), clone.resolve("zonecast"));
    Path bin = Files.createDirectory(directory.resolve("bin"));
    script(bin.resolve("mvn"), MAVEN.formatted(directory));
    script(bin.resolve("java"), JAVA);
    environment =
        Map.of(
            "PATH",
            bin + ":" + System.getenv("PATH"),
            "JAVA_HOME",
            directory.toString(),
            "ZONECAST_NO_BUILD",
            "");
  }

  @Test
  void itBuildsOnFirstUseAndOnlyThen() throws Exception {
    Ran first = zonecast("lag");
    Ran second = zonecast("lag");

    assertThat(first.exitCode()).isZero();
    assertThat(first.err()).startsWith("zonecast: building");
    assertThat(first.out()).contains("java ").contains("io.zonecast.app.Main lag");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void itBuildsAgainWhenASourceIsNewer() throws Exception {
    zonecast("lag");
    Path source = clone.resolve("sink/src/main/New.java");
    Files.writeString(source, "class New {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

    zonecast("lag");

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void itWaitsWhileAnotherBuilds() throws Exception {
    Files.createFile(directory.resolve("hold"));
    try (RunningCommand first = start("lag")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> builds() == 1);
      try (RunningCommand second = start("lag")) {
        await().atMost(Duration.ofSeconds(20)).until(() -> second.err().contains("waiting"));

        Files.delete(directory.resolve("hold"));

        assertThat(first.awaitEnd().exitCode()).isZero();
        assertThat(second.awaitEnd().out()).contains("io.zonecast.app.Main lag");
      }
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aBuildThatFailsIsToldAndNothingRuns() throws Exception {
    Files.createFile(directory.resolve("broken"));

    Ran ran = zonecast("lag");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("the build failed");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aBuildEndsWithTheLauncher() throws Exception {
    Files.createFile(directory.resolve("hold"));
    try (RunningCommand command = start("lag")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> builds() == 1);
      List<ProcessHandle> build = command.descendants();

      command.signal("TERM");

      assertThat(command.awaitEnd().exitCode()).isEqualTo(143);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(build).noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void jarsOfExtAreOnTheClassPathAndWhatFewCommandsNeedOnlyForThose() throws Exception {
    zonecast("lag");
    Files.createFile(Files.createDirectory(clone.resolve("ext")).resolve("more.jar"));
    Files.createFile(clone.resolve("app/target/zonecast/sandbox/servers.jar"));

    Files.createFile(
        Files.createDirectories(clone.resolve("app/target/zonecast/streams"))
            .resolve("streams.jar"));

    Ran lag = zonecast("lag");
    Ran stream = zonecast("stream");
    Ran demo = zonecast("demo");

    assertThat(lag.out()).contains("/lib/one.jar:").contains("/ext/more.jar");
    assertThat(lag.out()).doesNotContain("servers.jar").doesNotContain("streams.jar");
    assertThat(stream.out()).contains("/streams/streams.jar:").doesNotContain("servers.jar");
    assertThat(demo.out())
        .contains("/lib/one.jar:")
        .contains("/streams/streams.jar:")
        .contains("/sandbox/servers.jar");
  }

  private Ran zonecast(String... arguments) throws Exception {
    try (RunningCommand command = start(arguments)) {
      return command.awaitEnd();
    }
  }

  private RunningCommand start(String... arguments) throws IOException {
    return RunningCommand.start(clone.resolve("zonecast"), environment, arguments);
  }

  private int builds() throws IOException {
    Path builds = directory.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  private static void script(Path file, String content) throws IOException {
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Older than any build: file systems count in less than the time that a test takes. */
  private static void old(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(3600)));
  }
}
