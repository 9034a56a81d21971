package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.source.CsvOptions;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.RowOptions;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.ZoneFile;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in the shape of real ones, of which the topic decides what they mean. */
class ShapesBesideTopicTest {
  private static final FileOptions ORIGIN_100 = options(Optional.of("100"), RowOptions.NONE);

  @TempDir Path directory;

  private final TopicModel topic = new TopicModel();
  private RowRules rules = RowRules.NONE;

  @Test
  void codesThatDifferInCaseOnlyAreABadRow() throws Exception {
    ZoneDiff diff = compare(shape("codes.csv", FileOptions.NONE));

    assertThat(diff.problems())
        .extracting(RowProblem::toString)
        .satisfiesExactly(
            problem -> assertThat(problem).startsWith("line 3").contains("\"k1a\"", "\"K1A\""));
    assertThat(diff.counts().rejected()).isOne();
  }

  @Test
  void overlapNamesBothLines() throws Exception {
    assertThat(compare(shape("overlap.csv", FileOptions.NONE)).contradictionSamples())
        .singleElement()
        .asString()
        .contains("line 3", "as line 2 says of ups.ground:980:010");
  }

  @Test
  void zerosLostAreRefusedAndPaddedOnRequest() throws Exception {
    usual();
    RowOptions padded = new RowOptions(3, Set.of());

    ZoneDiff lost = compare(shape("zeros-lost.csv", FileOptions.NONE));
    ZoneDiff found = compare(shape("zeros-lost.csv", options(Optional.empty(), padded)));

    assertThat(lost.shapes().refusals())
        .singleElement()
        .asString()
        .contains("leading zeros lost", "--pad-prefixes 3");
    assertThat(found.shapes().refusals()).isEmpty();
    assertThat(found.counts().added()).isEqualTo(3);
  }

  @Test
  void zonesAsDecimalsAreRefused() throws Exception {
    usual();

    assertThat(compare(shape("zone-as-float.csv", FileOptions.NONE)).shapes().refusals())
        .singleElement()
        .asString()
        .contains("written as numbers?");
  }

  @Test
  void exceptionsBesideTheirMatrixAreTwoMoreRowsAndRemoveNothing() throws Exception {
    String cells = "4 ".repeat(999);
    ZoneFile matrix = file("matrix.txt", "04012024\n005" + cells + "\n", FileOptions.NONE);
    IntStream.rangeClosed(1, 999).forEach(i -> topic.put("usps:005:%03d".formatted(i), "4"));

    ZoneDiff diff = compare(matrix, shape("exceptions.csv", FileOptions.NONE));

    assertThat(diff.counts().added()).isEqualTo(2);
    assertThat(diff.counts().removed()).isZero();
    assertThat(diff.counts().unchanged()).isEqualTo(999);
  }

  @Test
  void chartOfUpsRemovesNothingOfAnotherOrigin() throws Exception {
    topic.put("ups.ground:980:010", "008").put("ups.ground:981:999", "008");
    topic.put("ups.3-day-select:982:010", "308");

    ZoneDiff diff = compare(shape("ups-chart-981.csv", FileOptions.NONE));

    assertThat(diff.counts().removed()).as("ups.ground:981:999").isOne();
    assertThat(diff.counts().added()).isEqualTo(42);
    assertThat(diff.carriers())
        .filteredOn(change -> change.carrier().equals("ups.ground"))
        .singleElement()
        .satisfies(change -> assertThat(change.origins()).containsExactly("981"));
  }

  @Test
  void chartsOfTwoOriginsAreOneEdition() throws Exception {
    ZoneFile chart = shape("ups-chart-981.csv", FileOptions.NONE);
    String other = Files.readString(chart.path()).replace("981-", "980-");

    ZoneDiff diff = compare(file("980.csv", other, FileOptions.NONE), chart);

    assertThat(diff.counts().added()).isEqualTo(2 * 42);
    assertThat(diff.contradictions()).isZero();
  }

  @Test
  void chartOfTheUspsServiceRemovesNothingOfAnotherOrigin() throws Exception {
    topic.put("usps:005:010", "3").put("usps:100:999", "3").put("usps:100:005", "8");

    ZoneDiff diff = compare(shape("chart-service.json", ORIGIN_100));

    assertThat(diff.counts().removed()).as("usps:100:999").isOne();
    assertThat(diff.counts().unchanged()).isOne();
    assertThat(diff.counts().added()).isEqualTo(84 + 39);
  }

  @Test
  void chartThatTakesEffectLaterIsRefused() throws Exception {
    rules = new RowRules(AllowedZones.ANY, List.of(), LocalDate.of(2026, 12, 1));

    assertThat(Guards.STRICT.refusals(compare(shape("chart-service.json", ORIGIN_100))))
        .extracting(Refusal::message)
        .singleElement()
        .asString()
        .contains("2027-01-12", "--early");
  }

  @Test
  void chartWithoutARowRemovesNothing() throws Exception {
    topic.put("usps:100:005", "8").put("ups.ground:981:010", "008");
    String title = "For shipments originating in ZIP Codes 981-00 to 981-99\n";

    ZoneDiff usps = compare(file("empty.json", "{\"Column0\":[{\"ZipCodes\":\"\"}]}", ORIGIN_100));
    ZoneDiff ups = compare(file("empty.csv", title + "Dest. ZIP,Ground\n", FileOptions.NONE));

    assertThat(usps.counts().removed()).isZero();
    assertThat(ups.counts().removed()).isZero();
  }

  /** A topic whose carrier has codes of three digits and whole zones. */
  private void usual() {
    IntStream.range(100, 160).forEach(i -> topic.put("usps:" + i + ":" + (i + 1), "4"));
  }

  private static FileOptions options(Optional<String> origin, RowOptions rows) {
    return new FileOptions(
        Optional.empty(), Optional.empty(), false, origin, CsvOptions.NONE, rows);
  }

  private ZoneDiff compare(ZoneFile... files) throws Exception {
    return FileBesideTopicTest.compare(new Edition(List.of(files), false), topic, rules);
  }

  private ZoneFile file(String name, String text, FileOptions options) throws Exception {
    return ZoneFile.open(Files.writeString(directory.resolve(name), text), options);
  }

  private static ZoneFile shape(String name, FileOptions options) throws Exception {
    URL found = ZoneFile.class.getResource("shapes/" + name);
    return ZoneFile.open(Path.of(Objects.requireNonNull(found, name).toURI()), options);
  }
}
