package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UspsZonesTest {
  private static final FileOptions ORIGIN_100 = ShapesTest.from("100");

  @TempDir Path directory;

  @Test
  void eachListIsReadWithItsLines() throws IOException {
    String answer =
        """
        {"Column0":[
        {"ZipCodes":"005","Zone":8}],
        "Column1":[{"ZipCodes":"007---008","Zone":"4*+","MailService":null}],
        "Zip5Digit":[{"ZipCodes":"00501","Zone":"A"}],
        "EffectiveDate":"May 1, 2026","New":7}
        """;

    assertThat(read("\uFEFF" + answer).rows())
        .containsExactly(
            "2 UPSERT usps:100:005 8@20574",
            "3 UPSERT usps:100:007 4 *+@20574",
            "3 UPSERT usps:100:008 4 *+@20574",
            "4 UPSERT usps:100:00501 A@20574");
  }

  @Test
  void carrierIsTheOneGiven() throws IOException {
    FileOptions options =
        new FileOptions(
            Optional.empty(),
            Optional.of("usps-priority"),
            false,
            Optional.of("100"),
            CsvOptions.NONE,
            RowOptions.NONE);

    assertThat(read("{\"Column0\":[{\"ZipCodes\":\"005\",\"Zone\":\"8\"}]}", options).rows())
        .containsExactly("1 UPSERT usps-priority:100:005 8");
  }

  @Test
  void originHasToBeTold() {
    assertThatThrownBy(() -> read("{\"Column0\":[{\"ZipCodes\":\"005\"", FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("set --origin");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"ZipCodes\":\"005\",\"Zone\":\"8!\"}', 'Column0[0].Zone: \"8!\" is no zone with the marks'",
    "'{\"ZipCodes\":\"005\",\"Zone\":1e400}', 'Column0[0].Zone: \"1e400\" is no zone'",
    "'{\"ZipCodes\":\"005\",\"Zone\":[\"8\"]}', 'Column0[0].Zone: \"[\" is no zone'",
    "'{\"ZipCodes\":\"005\"}', 'Column0[0].Zone: \"\" is no zone'",
    "'\"ZipCodes\"', 'Column0[0].Zone: \"ZipCodes\" is no zone'",
    "'null', 'Column0[0].Zone: \"\" is no zone'",
    "'{\"Zone\":\"8\"}', 'destination: \"\" is missing'",
    "'{\"ZipCodes\":\"009---006\",\"Zone\":\"8\"}', 'destination: \"009---006\" is a range that goes down'",
    "'{\"ZipCodes\":\"005\",\"Zone\":\"8\",\"MailService\":\"Priority Mail\"}', 'Column0[0].MailService: \"Priority Mail\" has a zone of its own'",
  })
  void elementThatIsNoRowIsABadRow(String element, String complaint) throws IOException {
    ReadRows read = read("{\"Column0\":[" + element + "]}", json());

    assertThat(read.rows()).containsExactly("1 REJECTED usps");
    assertThat(read.problems()).singleElement().asString().contains("line 1", complaint);
  }

  @ParameterizedTest
  @CsvSource({
    "'[]', 'it is not an object'",
    "'{\"Column0\":{}}', 'Column0 is not a list'",
    "'{\"Column0\":null}', 'Column0 is not a list'",
    "'{\"Other\":[{}]}', '\"Other\" is not known'",
    "'{}{}', 'something follows it'",
    "'{\"EffectiveDate\":\"soon\"}', '\"soon\" is not a date, as January 12, 2027'",
    "'{\"PageError\":\"No Zones found for the entered ZIP Code.\"}', 'it is the error \"No Zones'",
    "'{\"ZIPCodeError\":\"x\"}', 'it is the error \"x\"'",
  })
  void whatIsNoChartIsRefused(String answer, String reason) {
    assertThatThrownBy(() -> read(answer, json()))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void errorOfTheServiceIsToldWithoutTheFormat() {
    assertThatThrownBy(() -> read("{\"PageError\":\"No Zones found.\"}"))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("it is the error \"No Zones found.\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"Column0\":[{\"ZipCodes\":\"005\",\"Zone\":\"8\"}]",
        "{\"Column0\":[{\"ZipCodes\":\"005\",\"ZipCodes\":\"006\"}]}",
        "{\"Column0\":[],\"Column0\":[]}",
        "{\"Column0\":[]} x",
        "{\"Column0\":[{\"ZipCodes\":\"005\n\"}]}",
      })
  void brokenJsonIsNoWholeFile(String answer) {
    assertThatThrownBy(() -> read(answer, json())).isInstanceOf(ZoneFileException.class);
  }

  @Test
  void deeplyNestedJsonIsRefused() {
    String deep = "{\"Column0\":[{\"Zone\":" + "[".repeat(200_000) + "}]}";

    assertThatThrownBy(() -> read(deep, json()))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("cannot be read as JSON from line 1 on");
  }

  @Test
  void fileThatIsLargerThanAChartIsRefused() {
    String large = "{\"Column0\":[{\"ZipCodes\":\"005\"" + " ".repeat(1 << 20) + "}]}";

    assertThatThrownBy(() -> read(large))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("larger than a chart of one origin, 1 MB");
  }

  @Test
  void otherJsonIsNamedWithTheNextStep() {
    assertThatThrownBy(() -> read("[{\"zone\":1}]", FileOptions.NONE))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("JSON")
        .hasMessageContaining("csv");
  }

  private static FileOptions json() {
    return new FileOptions(
        Optional.of(FileFormat.USPS_ZONES),
        Optional.empty(),
        false,
        Optional.of("100"),
        CsvOptions.NONE,
        RowOptions.NONE);
  }

  private ReadRows read(String answer) throws IOException {
    return read(answer, ORIGIN_100);
  }

  private ReadRows read(String answer, FileOptions options) throws IOException {
    return ReadRows.of(ReadRows.file(directory, answer.getBytes(StandardCharsets.UTF_8), options));
  }
}
