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

/**
 * What the users are told of the libraries that they get. Needs no server, but the jars laid out.
 */
class ThirdPartyIT {
  private static final Path LAYOUT = Path.of("target", "zonecast");
  private static final Pattern ROW =
      Pattern.compile("\\| (\\S+) \\| \\w[\\w. -]+ \\| <https://\\S+> \\|");

  @Test
  void everyJarThatIsShippedIsListedWithItsLicence() throws IOException {
    List<String> jars;
    try (Stream<String> lines = Files.lines(LAYOUT.resolve("THIRD-PARTY.md"))) {
      jars = lines.map(ROW::matcher).filter(Matcher::matches).map(row -> row.group(1)).toList();
    }

    assertThat(jars)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("lib", "streams").flatMap(ThirdPartyIT::jars).toList());
    assertThat(LAYOUT.resolve("LICENSE")).exists();
  }

  private static Stream<String> jars(String directory) {
    String[] names = LAYOUT.resolve(directory).toFile().list();
    return Stream.of(names == null ? new String[0] : names)
        .filter(name -> !name.startsWith("zonecast-"))
        .map(name -> name.replaceAll("\\.jar$", ""));
  }
}
