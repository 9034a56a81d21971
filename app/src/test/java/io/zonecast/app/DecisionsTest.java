package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The decisions, and the list of them. */
class DecisionsTest {
  private static final Path DECISIONS = Path.of("..", "docs", "decisions");
  private static final Pattern HEADING = Pattern.compile("# (\\d+)\\. (.+)");

  @Test
  void everyDecisionIsInTheListUnderItsNumberAndName() throws IOException {
    String list = Files.readString(DECISIONS.resolve("README.md"));

    List<Path> files;
    try (Stream<Path> found = Files.list(DECISIONS)) {
      files = found.filter(file -> file.getFileName().toString().matches("\\d{4}-.*")).toList();
    }

    assertThat(files).hasSizeGreaterThan(15);
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      Matcher heading = HEADING.matcher(Files.readAllLines(file).get(0));
      assertThat(heading.matches()).as(name).isTrue();
      assertThat(Integer.parseInt(heading.group(1)))
          .as(name)
          .isEqualTo(Integer.parseInt(name.substring(0, 4)));
      assertThat(list)
          .contains("| %s | [%s](%s) |".formatted(heading.group(1), heading.group(2), name));
    }
  }
}
