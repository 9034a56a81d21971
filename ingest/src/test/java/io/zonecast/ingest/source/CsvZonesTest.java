package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvZonesTest {
  private static final String HEADER = "carrier,origin,destination,zone\n";
  private static final FileOptions DELTA =
      new FileOptions(Optional.empty(), Optional.empty(), true);

  @TempDir Path directory;

  @Test
  void badRowIsRejectedWhereverAChunkHasToGrow() throws IOException {
    String name = "z".repeat(32);
    for (int length = 1; length <= 32; length++) {
      String good = "usps," + name + "," + name.substring(0, length) + "," + name + "\n";

      ReadRows read = read(HEADER + good + "ups.2nd-day-air-a-m,005,é,4\n");

      assertThat(read.rows()).hasSize(2).last().isEqualTo("3 REJECTED ups.2nd-day-air-a-m");
    }
  }

  @Test
  void readsEveryColumn() throws IOException {
    ReadRows read =
        read(
            """
            carrier,origin,destination,zone,flags,effective_date
            usps,005,010,2,e*,2024-04-01
            ups,a.b,c-d_E,Zone-4,,
            """);

    assertThat(read.rows())
        .containsExactly("2 UPSERT usps:005:010 2 e*@19814", "3 UPSERT ups:a.b:c-d_E Zone-4");
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void columnsMayComeInAnyOrderAndCaseAndDestinationMayBeShort() throws IOException {
    assertThat(read("Zone,DEST,Origin,carrier\n2,010,005,usps\n").rows())
        .containsExactly("2 UPSERT usps:005:010 2");
  }

  @Test
  void carrierComesFromTheOptionWhereNoColumnSaysIt() throws IOException {
    FileOptions usps = new FileOptions(Optional.empty(), Optional.of("usps"), false);

    ReadRows read = ReadRows.of(directory, "origin,destination,zone\n005,010,2\n", usps);

    assertThat(read.rows()).containsExactly("2 UPSERT usps:005:010 2");
  }

  @Test
  void changesAreUpsertsAndDeletes() throws IOException {
    ReadRows read =
        ReadRows.of(
            directory,
            """
            op,carrier,origin,destination,zone
            upsert,usps,005,010,2
            delete,usps,005,011,
            drop,usps,005,012,1
            """,
            DELTA);

    assertThat(read.rows())
        .containsExactly(
            "2 UPSERT usps:005:010 2", "3 DELETE usps:005:011", "4 REJECTED usps:005:012");
    assertThat(read.problems())
        .containsExactly(new RowProblem(4, "op", "\"drop\"", "is neither upsert nor delete"));
  }

  @Test
  void byteOrderMarkAndCarriageReturnsAreNoContent() throws IOException {
    assertThat(read("\uFEFFcarrier,origin,destination,zone\r\nusps,005,010,2\r\n").rows())
        .containsExactly("2 UPSERT usps:005:010 2");
  }

  @Test
  void emptyLinesAreNoRowsButCount() throws IOException {
    assertThat(read(HEADER + "\n\nusps,005,010,2\n\n").rows())
        .containsExactly("4 UPSERT usps:005:010 2");
  }

  @Test
  void lastLineNeedsNoEnd() throws IOException {
    assertThat(read(HEADER + "usps,005,010,2").rows()).containsExactly("2 UPSERT usps:005:010 2");
  }

  @Test
  void quotedFieldsAreReadWithoutTheirQuotes() throws IOException {
    assertThat(read(HEADER + "\"usps\",\"005\",\"010\",\"2\"\n").rows())
        .containsExactly("2 UPSERT usps:005:010 2");
  }

  @Test
  void lineNumbersSurviveQuotedLineBreaks() throws IOException {
    ReadRows read = read(HEADER + "usps,005,010,\"2\n3\"\nusps,005,011,x y\n");

    assertThat(read.rows()).containsExactly("2 REJECTED usps:005:010", "4 REJECTED usps:005:011");
    assertThat(read.problems())
        .extracting(RowProblem::line, RowProblem::column, RowProblem::value)
        .containsExactly(tuple(2L, "zone", "\"2\\x0a3\""), tuple(4L, "zone", "\"x y\""));
  }

  @ParameterizedTest
  @CsvSource({
    "'USPS,005,010,2', carrier, 'must be in lower case'",
    "',005,010,2', carrier, 'is missing'",
    "'us ps,005,010,2', carrier, 'is not 1 to 32 characters'",
    "'usps,0:5,010,2', origin, 'is not 1 to 32 characters'",
    "'usps,005,,2', destination, 'is missing'",
    "'usps,005,010,', zone, 'is missing'",
    "'usps,005,010,é', zone, 'is not 1 to 32 printable'",
    "'usps,005,010', 3, 'the header has 4 columns'",
    "'usps,005,010,2,3', 5, 'the header has 4 columns'",
  })
  void badRowSaysWhereAndWhy(String row, String column, String reason) throws IOException {
    ReadRows read = read(HEADER + "usps,001,002,1\n" + row + "\nusps,003,004,1\n");

    assertThat(read.rows()).hasSize(3).element(1).asString().startsWith("3 REJECTED");
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.column()).isEqualTo(column);
              assertThat(problem.reason()).contains(reason);
            });
  }

  @Test
  void badDateOrFlagsRejectTheRowAndKeepItsKey() throws IOException {
    ReadRows read =
        read(
            """
            carrier,origin,destination,zone,flags,effective_date
            usps,005,010,2,,2024-13-01
            usps,005,011,2,a b,2024-04-01
            """);

    assertThat(read.rows()).containsExactly("2 REJECTED usps:005:010", "3 REJECTED usps:005:011");
    assertThat(read.problems())
        .extracting(RowProblem::column)
        .containsExactly("effective_date", "flags");
  }

  @Test
  void controlBytesAndBrokenUtf8AreBadValuesAndShownHarmless() throws IOException {
    byte[] content =
        concat(
            HEADER.getBytes(StandardCharsets.US_ASCII),
            "usps,005,010,\0".getBytes(StandardCharsets.ISO_8859_1),
            "\nusps,005,011,\u00ff\u001b\n".getBytes(StandardCharsets.ISO_8859_1));

    ReadRows read = ReadRows.of(ReadRows.file(directory, content, FileOptions.NONE));

    assertThat(read.problems())
        .extracting(RowProblem::value)
        .containsExactly("\"\\x00\"", "\"\\xff\\x1b\"");
  }

  @Test
  void overlongFieldIsABadRowAndNotShownWhole() throws IOException {
    ReadRows read = read(HEADER + "usps,005,010," + "9".repeat(100_000) + "\nusps,005,011,2\n");

    assertThat(read.rows()).containsExactly("2 REJECTED usps:005:010", "3 UPSERT usps:005:011 2");
    assertThat(read.problems()).singleElement().asString().hasSizeLessThan(300);
  }

  @Test
  void missingQuoteEndsTheFileAndNamesTheLine() {
    assertThatThrownBy(() -> read(HEADER + "usps,005,010,\"2\nusps,005,011,2\n"))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("quote");
  }

  @Test
  void fieldWithoutEndIsNotReadIntoMemory() {
    assertThatThrownBy(() -> read(HEADER + "usps,005,010,\"" + "9".repeat(3_000_000)))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void rowOfVeryManyFieldsIsABadRowAndNotReadIntoMemory() throws IOException {
    int fields = 2_000_000;

    ReadRows read = read(HEADER + "usps,005,010,2" + ",".repeat(fields - 4) + "\nusps,005,011,3\n");

    assertThat(read.rows()).containsExactly("2 REJECTED", "3 UPSERT usps:005:011 3");
    assertThat(read.problems())
        .singleElement()
        .hasToString(
            "line 2, column 1000: \"\" is field 1000, the last that is looked at of 2,000,000,"
                + " since a row has at most 1,000 fields and 4 MB; the header has 4 columns");
  }

  @Test
  void rowOfManyLongFieldsIsABadRowAndNotReadIntoMemory() throws IOException {
    String longest = ",".concat("9".repeat(1_000_000));

    ReadRows read = read(HEADER + "usps,005" + longest.repeat(9) + ",5\nusps,005,011,3\n");

    assertThat(read.rows()).containsExactly("2 REJECTED", "3 UPSERT usps:005:011 3");
    assertThat(read.problems()).singleElement().asString().contains("is field 6, the last that is");
  }

  @Test
  void fieldsOfARowAreKeptInBounds() {
    CsvRow row = new CsvRow();
    row.beginRecord(1);
    char[] field = "9".repeat(1_000).toCharArray();

    for (int i = 0; i < 100_000; i++) {
      row.addField(field, 0, i % 2 == 0 ? field.length : 0, false);
    }

    assertThat(row.fields()).isEqualTo(100_000);
    assertThat(row.kept()).isEqualTo(CsvRow.MOST_FIELDS);
    assertThat(row.bytes()).hasSizeLessThan(2 * CsvRow.MOST_BYTES);
  }

  @Test
  void emptyFileAndHeaderAloneHaveNoRows() throws IOException {
    assertThat(read("").rows()).isEmpty();
    assertThat(read(HEADER).rows()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'origin,destination,zone', 'column carrier is missing: add it, or set --carrier'",
    "'carrier,origin,zone', 'column destination is missing'",
    "'carrier,origin,destination,zone,colour', 'column 5, \"colour\", is unknown'",
    "'carrier,origin,destination,dest,zone', 'column destination is there twice'",
    "'carrier/origin/destination/zone', 'is unknown'",
    "'op,carrier,origin,destination,zone', 'set --delta'",
  })
  void headerThatDoesNotFitSaysWhy(String header, String reason) {
    assertThatThrownBy(() -> read(header + "\nusps,005,010,2\n"))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("carrier,origin,destination,zone[,flags][,effective_date]");
  }

  @Test
  void carrierOptionBesideACarrierColumnIsRefused() {
    FileOptions usps = new FileOptions(Optional.empty(), Optional.of("usps"), false);

    assertThatThrownBy(() -> ReadRows.of(directory, HEADER + "usps,005,010,2\n", usps))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("leave one of them out");
  }

  @Test
  void carrierOptionFollowsTheKeyRule() {
    FileOptions usps = new FileOptions(Optional.empty(), Optional.of("US PS"), false);

    assertThatThrownBy(() -> ReadRows.of(directory, "origin,dest,zone\n005,010,2\n", usps))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("--carrier \"US PS\"");
  }

  @Test
  void deltaWantsItsColumn() {
    assertThatThrownBy(() -> ReadRows.of(directory, HEADER + "usps,005,010,2\n", DELTA))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("column op (upsert or delete) is missing");
  }

  @Test
  void problemsAreKeptUpToACapAndAllRowsCounted() throws IOException {
    ReadRows read = read(HEADER + "bad row\n".repeat(1_000));

    assertThat(read.rows()).hasSize(1_000);
    assertThat(read.problems()).hasSize(ProblemLog.MAX_KEPT);
  }

  private ReadRows read(String content) throws IOException {
    return ReadRows.of(directory, content, FileOptions.NONE);
  }

  private static byte[] concat(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }
}
