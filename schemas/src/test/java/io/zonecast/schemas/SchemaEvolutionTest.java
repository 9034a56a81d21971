package io.zonecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.schemas.registry.FullCompatibility;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fails the build when a change of the schema would leave records in topics that someone cannot
 * read. How to change it without: CONTRIBUTING.md.
 */
class SchemaEvolutionTest {
  /** The SHA-256 of each version released, in order. Lines are added, never changed. */
  private static final Map<String, List<String>> RELEASED =
      Map.of(
          "ZoneRow",
          List.of("2539f960adf3f0d63374c323af53632f72fc15ef62bed25ba176c05904ee0da6"),
          "ZoneUpdate",
          List.of("a630db8918df384038f45798c622b3ba46fd0efab616e795ae19ae28d52ac28e"),
          "PublishSummary",
          List.of("993dd838f22744c48bd6da4c84678af9ac1c023c8c5fb17dec214ad8dae48e7d"),
          "PublishedChanges",
          List.of("c8e6abccb3cf443ef3148e675210df2196d3f2091684ed46a35573b048a31d00"));

  private static final String FIELDS = "\"fields\":[";
  private static final String ZONE = "\"zone\",\"type\":\"string\"";

  private final BundledSchemas bundle = BundledSchemas.load();

  static Stream<BundledSchemas> records() {
    return Stream.of(
        BundledSchemas.load(),
        BundledSchemas.ofUpdates(),
        BundledSchemas.ofSummaries(),
        BundledSchemas.ofChanges());
  }

  @ParameterizedTest
  @MethodSource("records")
  void eachVersionReadsEach(BundledSchemas record) {
    assertThat(problems(record.versions())).isEmpty();
  }

  static Stream<Arguments> changesThatSomebodyCannotRead() {
    return Stream.of(
        Arguments.of(
            "a new field without a default",
            (UnaryOperator<String>)
                json -> json.replace(FIELDS, FIELDS + "{\"name\":\"weight\",\"type\":\"int\"},")),
        Arguments.of(
            "a removed field without a default",
            (UnaryOperator<String>) json -> without("zone", json)),
        Arguments.of(
            "another type",
            (UnaryOperator<String>) json -> json.replaceFirst(ZONE, ZONE.replace("string", "int"))),
        Arguments.of(
            "another name",
            (UnaryOperator<String>) json -> json.replaceFirst(ZONE, ZONE.replace("zone", "area"))),
        Arguments.of(
            "an optional field that becomes a must",
            (UnaryOperator<String>)
                json ->
                    json.replace(
                            "\"flags\",\"type\":[\"null\",\"string\"]",
                            "\"flags\",\"type\":\"string\"")
                        .replaceFirst(",\"default\":null", "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changesThatSomebodyCannotRead")
  void aChangeThatSomebodyCannotReadFailsTheBuild(String change, UnaryOperator<String> edit) {
    Schema changed = parse(edit.apply(bundle.latest().toString()));

    assertThat(changed).as(change).isNotEqualTo(bundle.latest());
    assertThat(problems(List.of(bundle.latest(), changed))).isNotEmpty();
  }

  @Test
  void aVersionIsHeldAgainstEachAndNotOnlyAgainstTheLast() {
    Schema withoutFlags = parse(without("flags", bundle.latest().toString()));
    Schema otherFlags =
        parse(
            withoutFlags
                .toString()
                .replace(FIELDS, FIELDS + "{\"name\":\"flags\",\"type\":\"int\",\"default\":0},"));

    assertThat(problems(List.of(bundle.latest(), withoutFlags))).isEmpty();
    assertThat(problems(List.of(withoutFlags, otherFlags))).isEmpty();
    assertThat(problems(List.of(bundle.latest(), withoutFlags, otherFlags)))
        .isNotEmpty()
        .allMatch(problem -> problem.contains("version 1") && problem.contains("version 3"));
  }

  private static List<String> problems(List<Schema> versions) {
    List<String> problems = new ArrayList<>();
    for (int a = 0; a < versions.size(); a++) {
      for (int b = 0; b < a; b++) {
        problems.addAll(
            FullCompatibility.problems(
                "version " + (a + 1), versions.get(a), "version " + (b + 1), versions.get(b)));
      }
    }
    return problems;
  }

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json);
  }

  private static String without(String field, String json) {
    try {
      ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(json);
      ArrayNode fields = schema.putArray("fields");
      new ObjectMapper()
          .readTree(json)
          .get("fields")
          .forEach(
              each -> {
                if (!each.get("name").asText().equals(field)) {
                  fields.add(each);
                }
              });
      return schema.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void aReleasedVersionIsNeverChanged(BundledSchemas record) throws Exception {
    List<String> bundled = new ArrayList<>();
    for (int version = 1; version <= record.versions().size(); version++) {
      try (InputStream avsc =
          ZoneRow.class.getResourceAsStream(
              "released/" + record.name() + "-" + version + ".avsc")) {
        assertThat(avsc).isNotNull();
        bundled.add(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(avsc.readAllBytes())));
      }
    }

    assertThat(bundled)
        .as("released versions are in topics for ever; put a change into the next number")
        .startsWith(RELEASED.getOrDefault(record.name(), List.of()).toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("records")
  void theNewestVersionIsTheOneThatClassesAreGeneratedFrom(BundledSchemas record) throws Exception {
    Path source = Path.of("src/main/avro/" + record.name() + ".avsc");

    Schema generatedFrom = new Schema.Parser().parse(Files.readString(source));

    assertThat(record.latest())
        .as("a changed %s needs its copy released/%s-N.avsc", source, record.name())
        .isEqualTo(generatedFrom);
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyFieldIsDocumented(BundledSchemas record) {
    assertThat(record.latest().getDoc()).isNotBlank();
    assertThat(record.latest().getFields()).allSatisfy(f -> assertThat(f.doc()).isNotBlank());
  }

  @Test
  void theIdsOfTheRecordsAreApartAndTheBundleKnowsEach() {
    BundledSchemas updates = BundledSchemas.ofUpdates();

    assertThat(bundle.latestId()).isEqualTo(Integer.MAX_VALUE);
    assertThat(updates.latestId()).isEqualTo(Integer.MAX_VALUE - 512);
    assertThat(BundledSchemas.ofSummaries().latestId()).isEqualTo(Integer.MAX_VALUE - 256);
    assertThat(BundledSchemas.ofChanges().latestId()).isEqualTo(Integer.MAX_VALUE - 768);
    assertThat(bundle.schemaOf(updates.latestId())).isEqualTo(updates.latest());
    assertThat(updates.schemaOf(bundle.latestId())).isEqualTo(bundle.latest());
    assertThat(bundle.idOf("zone-updates", updates.latest())).isEqualTo(updates.latestId());
    assertThatThrownBy(() -> bundle.schemaOf(Integer.MAX_VALUE - 513))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("version 2 of the bundled schema of ZoneUpdate")
        .hasMessageContaining("upgrade Zonecast here");
  }
}
