package io.zonecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.registry.FullCompatibility;
import io.zonecast.schemas.wire.BundledSchemas;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * Fails the build when a change of the schema would leave records in topics that someone cannot
 * read. How to change it without: docs/schemas.md.
 */
class SchemaEvolutionTest {
  /** The SHA-256 of each version released, in order. Lines are added, never changed. */
  private static final List<String> RELEASED =
      List.of("2539f960adf3f0d63374c323af53632f72fc15ef62bed25ba176c05904ee0da6");

  private final BundledSchemas bundle = BundledSchemas.load();

  @Test
  void eachVersionReadsEach() {
    List<String> problems = new ArrayList<>();
    for (int a = 0; a < bundle.versions().size(); a++) {
      for (int b = 0; b < a; b++) {
        problems.addAll(
            FullCompatibility.problems(
                "version " + (a + 1),
                bundle.versions().get(a),
                "version " + (b + 1),
                bundle.versions().get(b)));
      }
    }

    assertThat(problems).isEmpty();
  }

  @Test
  void aReleasedVersionIsNeverChanged() throws Exception {
    List<String> bundled = new ArrayList<>();
    for (int version = 1; version <= bundle.versions().size(); version++) {
      try (InputStream avsc =
          ZoneRow.class.getResourceAsStream("released/ZoneRow-" + version + ".avsc")) {
        assertThat(avsc).isNotNull();
        bundled.add(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(avsc.readAllBytes())));
      }
    }

    assertThat(bundled)
        .as("released versions are in topics for ever; put a change into the next number")
        .startsWith(RELEASED.toArray(String[]::new));
  }

  @Test
  void theNewestVersionIsTheOneThatClassesAreGeneratedFrom() throws Exception {
    Path source = Path.of("src/main/avro/ZoneRow.avsc");

    Schema generatedFrom = new Schema.Parser().parse(Files.readString(source));

    assertThat(bundle.latest())
        .as("a changed %s needs its copy released/ZoneRow-N.avsc", source)
        .isEqualTo(generatedFrom);
  }

  @Test
  void everyFieldIsDocumented() {
    assertThat(bundle.latest().getDoc()).isNotBlank();
    assertThat(bundle.latest().getFields()).allSatisfy(f -> assertThat(f.doc()).isNotBlank());
  }
}
