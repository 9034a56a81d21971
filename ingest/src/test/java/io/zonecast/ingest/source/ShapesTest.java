package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in the shape of those that carriers and spreadsheets produce. */
class ShapesTest {
  private static final FileOptions UPS =
      new FileOptions(Optional.empty(), Optional.of("ups"), false);

  @ParameterizedTest
  @CsvSource({
    "blanks.csv, 2",
    "semicolons.csv, 2",
    "sep-line.csv, 1",
    "text-formulas.csv, 1",
    "trailing.csv, 2",
    "utf16.txt, 1",
    "exceptions.csv, 2",
  })
  void csvIsReadAsItIsFound(String name, int rows) throws Exception {
    ReadRows read = read(name, FileOptions.NONE);

    assertThat(read.rows()).hasSize(rows).allMatch(row -> row.contains(" UPSERT usps:005:"));
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void formulasThatKeepZerosAreTexts() throws Exception {
    assertThat(read("text-formulas.csv", FileOptions.NONE).rows())
        .containsExactly("2 UPSERT usps:005:006 4");
  }

  @ParameterizedTest
  @CsvSource({"semicolons.csv, ;", "ranges-tabs.tsv, '\t'", "blanks.csv, ','"})
  void separatorIsThatOfTheHeader(String name, char separator) throws Exception {
    byte[] head = Files.readAllBytes(path(name));

    assertThat(CsvSeparator.of(head, CsvOptions.NONE).character()).isEqualTo(separator);
  }

  @Test
  void columnsOfOtherNamesAreMapped() throws Exception {
    CsvOptions csv =
        new CsvOptions(
            Optional.empty(),
            Map.of(Column.ORIGIN, "origin_zip", Column.DESTINATION, "DEST_ZIP"),
            Set.of("specific_to_priority_mail", "same_ndc", "has_five_digit_exceptions"));

    assertThat(read("long-names.csv", options("usps", csv, RowOptions.NONE)).rows())
        .containsExactly("2 UPSERT usps:005:006 7", "3 UPSERT usps:005:007 7");
  }

  @Test
  void columnsOfOtherNamesAreAllNamedWithTheOptionsThatHelp() {
    assertThatThrownBy(
            () -> read("long-names.csv", options("usps", CsvOptions.NONE, RowOptions.NONE)))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("origin_zip")
        .hasMessageContaining("has_five_digit_exceptions")
        .hasMessageContaining("--columns origin=NAME,destination=NAME")
        .hasMessageContaining("--ignore-columns origin_zip,dest_zip,specific_to_priority_mail");
  }

  @Test
  void matrixIsRefusedWithAWayToMakeRowsOfIt() {
    assertThatThrownBy(() -> read("matrix.csv", FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("this is a matrix")
        .hasMessageContaining("make a row of each of its cells");
  }

  @Test
  void missingPartsOfAKeyAreBadRows() throws Exception {
    assertThat(read("half-empty.csv", FileOptions.NONE).problems())
        .extracting(RowProblem::toString)
        .containsExactly(
            "line 3, column destination: \"\" is missing",
            "line 4, column origin: \"\" is missing");
  }

  @Test
  void blankInACodeIsABadRowWithTheRemedy() throws Exception {
    assertThat(read("blank-in-code.csv", FileOptions.NONE).problems())
        .singleElement()
        .asString()
        .contains("\"EC1A 1BB\"", "leave the blank out", "outward code");
  }

  @Test
  void wordsForNothingAreNoZonesAndNoPrefixes() throws Exception {
    assertThat(complaints("not-a-zone.csv", FileOptions.NONE))
        .hasSize(5)
        .allMatch(complaint -> complaint.contains("stands for nothing"))
        .anyMatch(complaint -> complaint.contains("--allow-word NA"));
  }

  @Test
  void wordThatIsAllowedIsAPrefix() throws Exception {
    RowOptions allowed = new RowOptions(0, Set.of("na"));

    assertThat(
            complaints(
                "not-a-zone.csv",
                new FileOptions(
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    CsvOptions.NONE,
                    allowed)))
        .hasSize(4);
  }

  @Test
  void numbersAndDatesOfSpreadsheetsAreNoCodes() throws Exception {
    assertThat(complaints("scientific.csv", FileOptions.NONE))
        .satisfiesExactly(
            first -> assertThat(first).contains("1E+02", "scientific notation"),
            second -> assertThat(second).contains("2-Jan", "is a date"));
  }

  @Test
  void rangesBecomeTheirCodesAndWholeHundredsTheirPrefixes() throws Exception {
    CsvOptions csv =
        new CsvOptions(Optional.empty(), Map.of(Column.DESTINATION, "Destination ZIP"), Set.of());
    FileOptions options = options("usps", csv, RowOptions.NONE);

    ReadRows read = read("ranges-tabs.tsv", options);

    List<String> good =
        read.rows().stream()
            .filter(row -> !row.startsWith("2 "))
            .map(row -> row.substring(2))
            .toList();
    assertThat(good)
        .hasSize(7 * 2 + 7 * 4)
        .startsWith("UPSERT usps:070:004 2")
        .endsWith("UPSERT usps:076:013 2");
    assertThat(complaints("ranges-tabs.tsv", options))
        .isNotEmpty()
        .allMatch(complaint -> complaint.startsWith("line 2, column zone: \"NA\""));
  }

  @Test
  void chartWithoutItsFormatHasRangesAndMarksThatAreNoZones() throws Exception {
    ReadRows read = read("renamed-chart.csv", UPS);

    assertThat(read.rows()).hasSize(85);
    assertThat(complaints("renamed-chart.csv", UPS))
        .satisfiesExactly(
            mark -> assertThat(mark).startsWith("line 4").contains("\"[1]\"", "footnote"),
            none -> assertThat(none).startsWith("line 6").contains("\"-\"", "stands for nothing"));
  }

  @Test
  void chartOfUpsHasACarrierForEachServiceAndExceptionsFromItsFootnote() throws Exception {
    ZoneFile chart = ZoneFile.open(path("ups-chart-981.csv"), FileOptions.NONE);

    ReadRows read = ReadRows.of(chart);

    assertThat(chart.format()).isEqualTo(FileFormat.UPS_CHART);
    assertThat(chart.origin()).hasValue("981");
    assertThat(read.problems()).isEmpty();
    assertThat(read.rows())
        .filteredOn(row -> row.contains("ups.ground:"))
        .containsExactly(
            "7 UPSERT ups.ground:981:004 008",
            "7 UPSERT ups.ground:981:005 008",
            "8 UPSERT ups.ground:981:010 008",
            "8 UPSERT ups.ground:981:011 008",
            "8 UPSERT ups.ground:981:012 008",
            "9 UPSERT ups.ground:981:96701 044",
            "9 UPSERT ups.ground:981:96706 044",
            "10 UPSERT ups.ground:981:968 044",
            "11 UPSERT ups.ground:981:980 002");
    assertThat(read.rows())
        .filteredOn(row -> row.contains(":967"))
        .containsExactly(
            "9 UPSERT ups.ground:981:96701 044",
            "9 UPSERT ups.ground:981:96706 044",
            "9 UPSERT ups.2nd-day-air:981:96701 224",
            "9 UPSERT ups.2nd-day-air:981:96706 224",
            "9 UPSERT ups.next-day-air:981:96701 124",
            "9 UPSERT ups.next-day-air:981:96706 124");
    assertThat(read.rows())
        .filteredOn(row -> row.contains("ups.2nd-day-air-a-m:"))
        .hasSize(2 + 1)
        .first()
        .isEqualTo("7 UPSERT ups.2nd-day-air-a-m:981:004 248");
    assertThat(read.rows()).hasSize(6 * (2 + 3 + 1) - 3 + 6 + 3);
  }

  @Test
  void chartOfTheUspsServiceHasRangesMarksAndFiveDigitCodes() throws Exception {
    ZoneFile chart = ZoneFile.open(path("chart-service.json"), from("100"));

    ReadRows read = ReadRows.of(chart);

    assertThat(chart.format()).isEqualTo(FileFormat.USPS_ZONES);
    assertThat(chart.origin()).hasValue("100");
    assertThat(read.problems()).isEmpty();
    assertThat(read.rows()).hasSize(85 + 39);
    assertThat(read.rows())
        .filteredOn(row -> row.matches(".*:\\d{3} .*"))
        .hasSize(85)
        .startsWith("1 UPSERT usps:100:005 8@20830", "1 UPSERT usps:100:006 8 +@20830")
        .endsWith("1 UPSERT usps:100:089 8 *@20830");
    assertThat(read.rows())
        .filteredOn(row -> row.matches(".*:\\d{5} .*"))
        .hasSize(39)
        .startsWith("1 UPSERT usps:100:96900 8@20830")
        .endsWith("1 UPSERT usps:100:96938 8@20830");
  }

  @ParameterizedTest
  @CsvSource({
    "010-004, 'goes down'",
    "0004-005, 'not equally long'",
    "00001-99998, 'is a range of 99,998 codes; a field may stand for 1,000'",
  })
  void rangeThatCannotBeExpandedIsABadRow(String range, String reason) throws Exception {
    Path directory = Files.createTempDirectory("zonecast-ranges");

    ReadRows read =
        ReadRows.of(
            directory,
            "carrier,origin,destination,zone\nusps,005," + range + ",4\n",
            FileOptions.NONE);

    assertThat(read.problems()).singleElement().asString().contains(reason);
    assertThat(read.rows()).containsExactly("2 REJECTED usps");
  }

  @ParameterizedTest
  @CsvSource({"004-006, 12-3, 4", "004-006, 005, é", "004-006, 004-006, ''"})
  void rangeInABadRowIsNotExpanded(String origin, String destination, String zone)
      throws Exception {
    Path directory = Files.createTempDirectory("zonecast-ranges");
    String row = "usps," + origin + "," + destination + "," + zone + "\n";

    ReadRows read =
        ReadRows.of(directory, "carrier,origin,destination,zone\n" + row, FileOptions.NONE);

    assertThat(read.rows()).containsExactly("2 REJECTED usps");
  }

  @Test
  void rangesAreNamesWhereOneOfThemIsAllowed() throws Exception {
    Path directory = Files.createTempDirectory("zonecast-ranges");
    FileOptions names = options("kp", CsvOptions.NONE, new RowOptions(0, Set.of("135-080")));

    assertThat(ReadRows.of(directory, "origin,destination,zone\n135-080,135-090,4\n", names).rows())
        .containsExactly("2 UPSERT kp:135-080:135-090 4");
  }

  @Test
  void shortPrefixesArePaddedOnRequest() throws Exception {
    FileOptions padded =
        new FileOptions(
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            CsvOptions.NONE,
            new RowOptions(3, Set.of()));

    assertThat(read("zeros-lost.csv", padded).rows())
        .containsExactly(
            "2 UPSERT usps:005:006 4", "3 UPSERT usps:005:010 2", "4 UPSERT usps:006:005 4");
  }

  /** Nothing said but the origin. */
  static FileOptions from(String origin) {
    return new FileOptions(
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(origin),
        CsvOptions.NONE,
        RowOptions.NONE);
  }

  private static FileOptions options(String carrier, CsvOptions csv, RowOptions rows) {
    return new FileOptions(
        Optional.empty(), Optional.of(carrier), false, Optional.empty(), csv, rows);
  }

  private static ReadRows read(String name, FileOptions options) throws Exception {
    return ReadRows.of(ZoneFile.open(path(name), options));
  }

  private static List<String> complaints(String name, FileOptions options) throws Exception {
    return complaints(ZoneFile.open(path(name), options));
  }

  /** What is said of the rows, whether they are bad or only in doubt, in alphabetical order. */
  static List<String> complaints(ZoneFile file) throws IOException {
    List<String> complaints = new ArrayList<>();
    RowChunk chunk = new RowChunk(10_000);
    try (RowReader reader = file.read(bytes -> {})) {
      while (reader.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          chunk.doubts(row).forEach(doubt -> complaints.add(doubt.problem().toString()));
        }
      }
      reader.problems().forEach(problem -> complaints.add(problem.toString()));
    }
    complaints.sort(Comparator.naturalOrder());
    return complaints;
  }

  private static Path path(String name) throws URISyntaxException {
    URL found = ShapesTest.class.getResource("shapes/" + name);
    return Path.of(Objects.requireNonNull(found, name).toURI());
  }
}
