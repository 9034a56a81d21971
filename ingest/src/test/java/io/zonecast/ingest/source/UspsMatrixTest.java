package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UspsMatrixTest {
  private static final long DAY = 19814;

  @TempDir Path directory;

  @Test
  void cellsInUseAreRowsWithZoneFlagAndTheEffectiveDate() throws IOException {
    byte[] matrix =
        new Matrix()
            .origin("005", "001", "8 ", "010", "2e", "999", "A*")
            .origin("006", "005", "7 ")
            .bytes();

    assertThat(read(matrix).rows())
        .containsExactly(
            "2 UPSERT usps:005:001 8@" + DAY,
            "2 UPSERT usps:005:010 2 e@" + DAY,
            "2 UPSERT usps:005:999 A *@" + DAY,
            "3 UPSERT usps:006:005 7@" + DAY);
  }

  @Test
  void firstLineIsADateEvenThoughItBeginsAsAnOrigin() throws IOException {
    assertThat(read(new Matrix().origin("040", "001", "1 ").bytes()).rows())
        .containsExactly("2 UPSERT usps:040:001 1@" + DAY);
  }

  @Test
  void linesMayEndWithLineFeedAloneOrNotAtAll() throws IOException {
    Matrix matrix = new Matrix().withoutCarriageReturns().origin("005", "001", "8 ", "999", "1 ");

    assertThat(read(matrix.bytes()).rows()).hasSize(2);
    assertThat(read(matrix.bytesWithoutLastLineEnd()).rows()).hasSize(2);
  }

  @Test
  void carrierOptionNamesAnotherService() throws IOException {
    FileOptions priority = new FileOptions(Optional.empty(), Optional.of("usps-priority"), false);

    ReadRows read =
        ReadRows.of(
            ReadRows.file(directory, new Matrix().origin("005", "001", "8 ").bytes(), priority));

    assertThat(read.rows()).containsExactly("2 UPSERT usps-priority:005:001 8@" + DAY);
  }

  @Test
  void badCellIsRejectedWithItsKeyAndPosition() throws IOException {
    ReadRows read =
        read(new Matrix().origin("005", "001", "? ", "002", "3 ", "003", "3\u0007").bytes());

    assertThat(read.rows())
        .containsExactly(
            "2 REJECTED usps:005:001", "2 UPSERT usps:005:002 3@" + DAY, "2 REJECTED usps:005:003");
    assertThat(read.problems())
        .extracting(RowProblem::toString)
        .containsExactly(
            "line 2, column 4: \"? \" has no zone 1 to 9 or A to Z (0: not in use)",
            "line 2, column 8: \"3\\x07\" has a flag that is no printable character");
  }

  @Test
  void lineOfAnotherLengthIsOneBadRowWhoseKeysNobodyKnows() throws IOException {
    byte[] matrix =
        new Matrix().line("005" + "1 ".repeat(998)).line("006" + "1 ".repeat(1500)).bytes();

    ReadRows read = read(matrix);

    assertThat(read.rows()).containsExactly("2 REJECTED usps", "3 REJECTED usps");
    assertThat(read.problems())
        .extracting(RowProblem::reason)
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("is a line of 1999 characters, not of 2,001"),
            reason -> assertThat(reason).startsWith("is a line of more than 2,001 characters"));
  }

  @Test
  void lineWithoutAnOriginIsOneBadRow() throws IOException {
    ReadRows read = read(new Matrix().origin("0O5", "1 ").bytes());

    assertThat(read.rows()).containsExactly("2 REJECTED usps");
    assertThat(read.problems()).extracting(RowProblem::value).containsExactly("\"0O5\"");
  }

  @Test
  void fileCutInALineIsABadRow() throws IOException {
    byte[] matrix = new Matrix().origin("005", "1 ").origin("006", "1 ").bytes();

    ReadRows read = read(Arrays.copyOf(matrix, matrix.length - 500));

    assertThat(read.rows()).hasSize(1000).last().asString().startsWith("3 REJECTED");
  }

  @Test
  void formatByForceStillWantsADate() {
    FileOptions forced =
        new FileOptions(Optional.of(FileFormat.USPS_MATRIX), Optional.empty(), false);

    assertThatThrownBy(() -> ReadRows.of(directory, "carrier,origin,destination,zone\n", forced))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("MMDDYYYY");
  }

  @Test
  void theRealMatrixHasAllItsRows() throws IOException {
    String path = System.getenv("ZONECAST_USPS_MATRIX");
    Assumptions.assumeTrue(
        path != null, "ZONECAST_USPS_MATRIX does not name the USPS matrix of 2024-04-01");

    ReadRows read = ReadRows.of(ZoneFile.open(Path.of(path), FileOptions.NONE), 4096);

    assertThat(read.rows())
        .hasSize(866_761)
        .contains("2 UPSERT usps:005:006 A@" + DAY, "2 UPSERT usps:005:010 2@" + DAY);
    assertThat(read.problems()).isEmpty();
  }

  private ReadRows read(byte[] matrix) throws IOException {
    ZoneFile file = ReadRows.file(directory, matrix, FileOptions.NONE);
    assertThat(file.format())
        .as(new String(matrix, 0, 8, StandardCharsets.US_ASCII))
        .isEqualTo(FileFormat.USPS_MATRIX);
    return ReadRows.of(file);
  }
}
