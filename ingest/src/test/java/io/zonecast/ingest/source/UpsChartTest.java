package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpsChartTest {
  private static final String TITLE =
      "Zone Chart\nFor shipments originating in ZIP Codes 981-00 to 981-99\n";
  private static final String HEADER = "Dest. ZIP,Ground,Next Day Air\n";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "Ground, ground",
    "2nd Day Air A.M., 2nd-day-air-a-m",
    "' Next Day Air® (Early) ', next-day-air-early",
    "3 Day Select, 3-day-select",
  })
  void serviceIsLowerCaseWithOneDashForEachRunOfOtherCharacters(String title, String name) {
    assertThat(UpsChart.service(title)).isEqualTo(name);
  }

  @Test
  void carrierBeforeTheServiceIsTheOneGiven() throws IOException {
    FileOptions mine = new FileOptions(Optional.empty(), Optional.of("ups-eu"), false);

    assertThat(read(TITLE + HEADER + "005,008,-\n", mine).rows())
        .containsExactly("4 UPSERT ups-eu.ground:981:005 008");
  }

  @Test
  void chartThatASpreadsheetSavedIsReadAsIs() throws IOException {
    String text = (TITLE + HEADER + "005,008,-\n967,[1],-\n").replace(',', ';') + ";;\n";
    String note = "[1] For destinations in 967: 96701: zone 44 for Ground\n";

    assertThat(read("\uFEFF" + text + note, FileOptions.NONE).rows())
        .containsExactly("4 UPSERT ups.ground:981:005 008", "5 UPSERT ups.ground:981:96701 044");
  }

  @Test
  void originIsToldWhereNoTitleDoes() throws IOException {
    ZoneFile chart = file(HEADER + "005,008,108\n", from("070"));

    assertThat(chart.origin()).hasValue("070");
    assertThat(ReadRows.of(chart).rows())
        .containsExactly(
            "2 UPSERT ups.ground:070:005 008", "2 UPSERT ups.next-day-air:070:005 108");
  }

  @Test
  void originIsOneOfSeveralThatTheTitleNames() throws IOException {
    String several = TITLE.replace("981-00 to 981-99", "403-01 to 405-99") + HEADER;

    assertThat(file(several, from("404")).origin()).hasValue("404");
    assertThatThrownBy(() -> file(several, FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("403-01 to 405-99")
        .hasMessageContaining("--origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"980", "982"})
  void originThatContradictsTheTitleIsRefused(String origin) {
    assertThatThrownBy(() -> file(TITLE + HEADER, from(origin)))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("--origin " + origin + " contradicts its title")
        .hasMessageContaining("981-00 to 981-99");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "For shipments originating in ZIP Codes 981-00 to 981-49\n", "Zone Chart\n"})
  void chartWithoutAWholeOriginAsksForOne(String title) {
    assertThatThrownBy(() -> file(title + HEADER, FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("set --origin");
  }

  @Test
  void originIsForChartsOnly() {
    assertThatThrownBy(() -> file("carrier,origin,destination,zone\n", from("981")))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("--origin is for a chart of one origin, and this is a csv");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Destination ZIP,Origin,Zone\n",
        "dest zip,zone\n",
        "carrier,dest. zip,from\n",
      })
  void tableOfRowsIsNoChart(String header) throws IOException {
    assertThat(file(header, FileOptions.NONE).format()).isEqualTo(FileFormat.CSV);
  }

  @ParameterizedTest
  @CsvSource({
    "'Ground,ground', 3",
    "'Ground [1],Air', 2",
    "'Ground,®', 3",
    "'A service with a name of more than 32 characters', 2",
  })
  void columnThatIsNoServiceIsRefused(String services, int column) {
    assertThatThrownBy(() -> read(TITLE + "Dest. ZIP," + services + "\n", FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("column " + column + " of the header");
  }

  @Test
  void zoneBeforeAMarkIsTheRestsOfTheDestination() throws IOException {
    assertThat(
            chart(
                    "967,46 [1],[1]\n",
                    "[1] For 967: 96701-96703: zone 44 for Ground, 124 for " + "Next Day Air\n")
                .rows())
        .containsExactly(
            "4 UPSERT ups.ground:981:967 46",
            "4 UPSERT ups.ground:981:96701 44",
            "4 UPSERT ups.ground:981:96702 44",
            "4 UPSERT ups.ground:981:96703 44",
            "4 UPSERT ups.next-day-air:981:96701 124",
            "4 UPSERT ups.next-day-air:981:96702 124",
            "4 UPSERT ups.next-day-air:981:96703 124");
  }

  @Test
  void lineWithARangeForEachServiceIsCountedOnce() throws IOException {
    ZoneFile file = file(TITLE + HEADER + "004-005,008,108\n010,008,-\n", FileOptions.NONE);
    RowChunk chunk = new RowChunk(100);
    try (RowReader reader = file.read(bytes -> {})) {
      reader.read(chunk);

      assertThat(reader.expandedLines()).isEqualTo(1);
      assertThat(reader.expandedRows()).isEqualTo(4);
    }
  }

  @Test
  void fiveDigitDestinationMayHaveALineOfItsOwn() throws IOException {
    assertThat(chart("967,-,126\n96701,044,-\n", "").rows())
        .containsExactly(
            "4 UPSERT ups.next-day-air:981:967 126", "5 UPSERT ups.ground:981:96701 044");
  }

  @Test
  void footnoteWithoutQuotesIsOneText() throws IOException {
    assertThat(
            chart(
                    "967,[1],[1]\n968,044,124\n",
                    "[1] In 967: 96701, 96706: zone 44 for Ground, and 124 for Next Day Air.\n")
                .rows())
        .contains("4 UPSERT ups.ground:981:96706 044", "4 UPSERT ups.next-day-air:981:96706 124");
  }

  @Test
  void eachDestinationHasItsOwnCodesOfAFootnote() throws IOException {
    ReadRows read =
        chart(
            "967,[1],-\n968,[1],-\n",
            "\"[1] For destinations in 967 and 968: 96701, 96801: zone 44 for Ground\"\n");

    assertThat(read.problems()).isEmpty();
    assertThat(read.rows())
        .containsExactly("4 UPSERT ups.ground:981:96701 44", "5 UPSERT ups.ground:981:96801 44");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1] Call us.",
        "[1] For all others in 967 than 96701: zone 44 for Ground",
        "[1] 96701: zone 44 for Groundd",
        "[1] 96701: zone 44 for Ground; 96706: zone 46 for Ground",
        "[1] 96701: zone 44 for Ground; 96706: zone 124 for Next Day Air",
        "[1] 96701: zone 44 for Ground, 46 for Ground",
        "[1] 96701, 967061: zone 44 for Ground",
        "[1] 96701: zone 4444 for Ground",
        "[1]",
      })
  void referenceToAFootnoteThatIsNotUnderstoodIsABadRow(String note) throws IOException {
    ReadRows read = chart("967,[1],-\n", '"' + note + "\"\n");

    assertThat(read.rows()).containsExactly("4 REJECTED ups.ground");
    assertThat(read.problems())
        .singleElement()
        .asString()
        .startsWith(
            "line 4, column \"Ground\": \"[1]\" refers to line 5, \"" + note.substring(3).strip())
        .contains("cannot be understood", "write it as [1] 96701, 96706: zone 44 for \"Ground\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'967,[2],-', 'refers to a footnote that the chart does not have'",
    "'967,[x],-', 'is neither a zone nor - (no service)'",
    "'967,044[1][2],-', 'is neither a zone nor - (no service)'",
    "'967,,-', 'is missing'",
    "'968,[1],[1]', 'has no code in 968'",
    "'967,044', 'has 2 fields'",
    "'967,044,124,x', 'has 4 fields'",
    "'Hawaii,044,124', 'neither a destination nor a footnote'",
    "'10-Dec,044,124', 'is a date'",
    "'967-968,044,NaN', 'stands for nothing'",
    "'012-004,044,-', 'goes down'",
  })
  void whatCannotBeReadIsABadRow(String line, String reason) throws IOException {
    List<String> complaints = complaints(TITLE + HEADER + line + "\n" + note());

    assertThat(complaints).isNotEmpty().first().asString().contains("line 4", reason);
  }

  @Test
  void codesOfAFootnoteToWhichNoCellRefersAreABadRow() throws IOException {
    assertThat(complaints(TITLE + HEADER + "005,008,108\n" + note()))
        .singleElement()
        .asString()
        .contains("line 5", "no cell refers to [1]");
  }

  @Test
  void footnoteWithoutCodesToWhichNoCellRefersSaysNothing() throws IOException {
    assertThat(complaints(TITLE + HEADER + "005,008,108\n[2] Rates may change.\n")).isEmpty();
  }

  @Test
  void secondFootnoteOfAMarkIsABadRow() throws IOException {
    assertThat(complaints(TITLE + HEADER + "967,[1],-\n" + note() + note()))
        .singleElement()
        .asString()
        .contains("line 6", "nor a footnote, as [1], of its own");
  }

  @Test
  void fileThatIsLargerThanAChartIsRefused() {
    String large = TITLE + HEADER + "005,008,108\n".repeat(100_000);

    assertThatThrownBy(() -> read(large, FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("larger than a chart of one origin, 1 MB");
  }

  @Test
  void fileWithoutAHeaderIsNoChart() {
    FileOptions chart =
        new FileOptions(
            Optional.of(FileFormat.UPS_CHART),
            Optional.empty(),
            false,
            Optional.of("981"),
            CsvOptions.NONE,
            new RowOptions(0, Set.of()));

    assertThatThrownBy(() -> read("005,008\n", chart))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("no line begins with Dest. ZIP");
  }

  private static String note() {
    return "\"[1] For destinations in 967: 96701: zone 44 for Ground\"\n";
  }

  private ReadRows chart(String rows, String notes) throws IOException {
    return read(TITLE + HEADER + rows + notes, FileOptions.NONE);
  }

  private List<String> complaints(String text) throws IOException {
    return ShapesTest.complaints(file(text, FileOptions.NONE));
  }

  private ReadRows read(String text, FileOptions options) throws IOException {
    return ReadRows.of(file(text, options));
  }

  private ZoneFile file(String text, FileOptions options) throws IOException {
    return ReadRows.file(directory, text.getBytes(StandardCharsets.UTF_8), options);
  }

  private static FileOptions from(String origin) {
    return ShapesTest.from(origin);
  }
}
