package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.CsvOptions;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.RowOptions;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is bad, refused or worth a line in a file depends on what the topic has. */
class FileBesideTopicTest {
  private static final String HEADER = "carrier,origin,destination,zone\n";

  @TempDir Path directory;

  private final TopicModel topic = new TopicModel();
  private RowRules rules = RowRules.NONE;

  @Test
  void wordForNothingIsABadRow() throws Exception {
    ZoneDiff diff = compare(HEADER + "usps,005,006,NaN\nusps,005,NA,4\nusps,005,007,4\n");

    assertThat(diff.counts().rejected()).isEqualTo(2);
    assertThat(diff.counts().added()).isEqualTo(1);
    assertThat(diff.problems())
        .extracting(RowProblem::line, RowProblem::column)
        .containsExactly(tuple(2L, "zone"), tuple(3L, "destination"));
  }

  @Test
  void rowOfTheTopicMayBePublishedAgainWhateverItSays() throws Exception {
    topic.put("dhl:DE:NA", "4").put("usps:005:006", "NaN").put("usps:005:007", "4.0");

    ZoneDiff diff =
        compare(HEADER + "dhl,DE,NA,4\nusps,005,006,NaN\nusps,005,007,4.0\ndhl,NA,DE,5\n");

    assertThat(diff.counts().unchanged()).isEqualTo(3);
    assertThat(diff.counts().added()).as("NA is a place of dhl's").isEqualTo(1);
    assertThat(diff.problems()).isEmpty();
    assertThat(diff.shapes().refusals()).isEmpty();
  }

  @Test
  void everyZoneThatBecameNaNIsABadRow() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int i = 100; i < 400; i++) {
      topic.put("usps:005:" + i, "4");
      csv.append("usps,005,").append(i).append(",NaN\n");
    }

    ZoneDiff diff = compare(csv.toString());

    assertThat(diff.counts().rejected()).isEqualTo(300);
    assertThat(diff.counts().records()).isZero();
  }

  @Test
  void anotherSpellingOfACodeIsABadRowThatNamesTheOther() throws Exception {
    topic.put("canadapost:K1A:V6B", "D4");

    ZoneDiff known = compare(HEADER + "canadapost,k1a,V6B,D5\ncanadapost,k1a,V6B,D5\n");
    ZoneDiff within = compare(HEADER + "rm,BT,ab,1\nrm,BT,AB,2\nrm,BT,ab,1\nfedex,k1a,v6b,1\n");

    assertThat(known.counts().rejected()).isEqualTo(2);
    assertThat(known.problems().get(0))
        .hasToString(
            "line 2, column origin: \"k1a\" differs from \"K1A\" only in upper and lower case:"
                + " write it so");
    assertThat(within.problems())
        .singleElement()
        .asString()
        .startsWith("line 3, column destination: \"AB\" differs from \"ab\"");
  }

  @Test
  void spellingThatNoRowHasAnyMoreMayBeWrittenOtherwise() throws Exception {
    topic.put("canadapost:K1A:V6B", "D4").put("canadapost:K1A:V6B", null);

    assertThat(compare(HEADER + "canadapost,k1a,v6b,D5\n").problems()).isEmpty();
  }

  @Test
  void lostLeadingZerosAreRefused() throws Exception {
    usual();

    ZoneDiff lost = compare(HEADER + "usps,5,6,4\nusps,5,10,2\nusps,6,5,4\n");

    assertThat(lost.shapes().refusals())
        .singleElement()
        .asString()
        .contains(
            "rows of carrier usps have codes of fewer than its usual 3 digits",
            "line 2 5",
            "leading zeros lost?",
            "--pad-prefixes 3",
            "--new-shapes");
    assertThat(Guards.STRICT.refusals(lost))
        .extracting(Refusal::guard)
        .contains(Refusal.Guard.SHAPES);
    assertThat(new Guards(100, Set.of(Refusal.Guard.SHAPES)).refusals(lost)).isEmpty();
  }

  @Test
  void paddedPrefixesAreTheOnesMeant() throws Exception {
    topic.put("usps:005:006", "4").put("usps:005:010", "2").put("usps:006:005", "4");

    ZoneDiff diff =
        compare(
            HEADER + "usps,5,6,4\nusps,5,10,2\nusps,6,5,4\n",
            new FileOptions(
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                CsvOptions.NONE,
                new RowOptions(3, Set.of())));

    assertThat(diff.counts().unchanged()).isEqualTo(3);
    assertThat(diff.shapes().refusals()).isEmpty();
  }

  @Test
  void zonesThatBecameDecimalsAreRefusedWhereTheCarriersAreWhole() throws Exception {
    usual();

    ZoneDiff diff = compare(HEADER + "usps,100,200,4.0\nups,100,200,4.0\n");

    assertThat(diff.shapes().refusals())
        .as("a carrier all of whose zones are decimals has such zones")
        .singleElement()
        .asString()
        .contains("1 rows of carrier usps", "line 2 4.0", "written as numbers?");
  }

  @Test
  void fiveDigitsBesideThreeAreUsualAndOtherCodesAreALine() throws Exception {
    usual();

    ZoneDiff diff = compare(HEADER + "usps,100,90210,4\nusps,100,9021,4\nusps,100,GU,4\n");

    assertThat(diff.shapes().refusals()).isEmpty();
    assertThat(diff.shapes().notes())
        .containsExactly(
            "2 rows of carrier usps have codes that are not of its usual 3 digits (line 3 9021,"
                + " line 4 GU)");
  }

  @Test
  void rangesAreNamesOfACarrierThatHasSuchCodes() throws Exception {
    topic.put("kp:135-080:06000", "1");

    ZoneDiff korea = compare(HEADER + "kp,135-280,135-290,2\nups,004-005,010,3\n");

    assertThat(korea.counts().added()).isEqualTo(1 + 2);
    assertThat(korea.shapes().expandedLines()).isEqualTo(1);
    assertThat(korea.shapes().expandedRows()).isEqualTo(2);
  }

  @Test
  void filesOfAnEditionAreOneTableAndProblemsNameTheirFile() throws Exception {
    topic.put("usps:005:006", "4").put("usps:005:007", "4").put("usps:005:008", "4");

    ZoneDiff diff =
        compareAll(
            false,
            HEADER + "usps,005,006,4\nusps,005,009,5\n",
            "origin,destination,zone,carrier\n005,007,8,usps\n005,9,,usps\n005,NA,1,usps\n");

    assertThat(diff.counts()).isEqualTo(new DiffCounts(5, 1, 1, 1, 1, 0, 2));
    assertThat(diff.checksums()).hasSize(2).doesNotHaveDuplicates();
    assertThat(diff.problems())
        .extracting(RowProblem::toString)
        .satisfiesExactlyInAnyOrder(
            first -> assertThat(first).startsWith("zones1.csv line 3, column zone: "),
            second -> assertThat(second).startsWith("zones1.csv line 4, column destination: "));
  }

  @Test
  void anotherZoneInALaterFileIsAContradictionUnlessLaterFilesWin() throws Exception {
    String chart = HEADER + "usps,005,006,4\nusps,005,007,5\n";
    String exceptions = HEADER + "usps,005,007,6\nusps,005,007,7\nusps,005,006,4\n";

    ZoneDiff strict = compareAll(false, chart, exceptions);
    ZoneDiff winning = compareAll(true, chart, exceptions);

    assertThat(strict.contradictions()).isEqualTo(2);
    assertThat(strict.contradictionSamples().get(0).toString())
        .isEqualTo(
            "zones1.csv line 2, column zone: \"6\" is not \"5\","
                + " as zones0.csv line 3 says of usps:005:007");
    assertThat(winning.contradictions()).as("within the later file").isOne();
    assertThat(winning.contradictionSamples().get(0).toString())
        .endsWith("\"7\" is not \"6\", as zones1.csv line 2 says of usps:005:007");
    assertThat(winning.counts().added()).isEqualTo(2);
  }

  @Test
  void rangesThatOverlapWithDifferentZonesNameBothLines() throws Exception {
    ZoneDiff diff = compare(HEADER + "usps,005,004-006,4\nusps,005,006-008,5\n");

    assertThat(diff.contradictionSamples())
        .singleElement()
        .hasToString("line 3, column zone: \"5\" is not \"4\", as line 2 says of usps:005:006");
  }

  @Test
  void matrixWhoseFlagsSpeakOfExceptionsIsALineUnlessTheyAreThere() throws Exception {
    String matrix = "04012024\n005" + "1e1e2 1b" + "0 ".repeat(995) + "\n";
    ZoneFile file = file(0, matrix, FileOptions.NONE);
    ZoneFile exceptions = file(1, HEADER + "usps,005,00123,4\n", FileOptions.NONE);

    assertThat(compare(new Edition(List.of(file), false)).shapes().notes())
        .singleElement()
        .asString()
        .startsWith("3 rows say by their flag that some five-digit destinations have other zones");
    assertThat(compare(new Edition(List.of(file, exceptions), false)).shapes().notes()).isEmpty();
  }

  @Test
  void editionThatWouldRemoveAllFiveDigitDestinationsIsRefused() throws Exception {
    usual();
    topic.put("usps:100:90210", "5").put("usps:100:90211", "5");
    StringBuilder all = new StringBuilder(HEADER);
    IntStream.range(100, 160).forEach(i -> all.append("usps,%d,%d,4\n".formatted(i, i + 1)));

    ZoneDiff none = compare(all.toString());
    ZoneDiff one = compare(all + "usps,100,90211,5\n");

    assertThat(Guards.STRICT.refusals(none))
        .singleElement()
        .asString()
        .contains("all 2 rows of carrier usps to destinations of five digits", "--max-removed 100");
    assertThat(new Guards(100, Set.of()).refusals(none)).isEmpty();
    assertThat(Guards.STRICT.refusals(one)).isEmpty();
  }

  @Test
  void zonesThatACarrierMayNotHaveAreBadRowsUnlessTheTopicHasThem() throws Exception {
    rules = new RowRules(AllowedZones.parse("usps=1-9,A;ups=002-008"), List.of(), LocalDate.MAX);
    topic.put("usps:005:006", "X");

    ZoneDiff diff =
        compare(
            HEADER
                + "usps,005,006,X\nusps,005,007,12\nusps,005,008,A\nups,005,008,2\n"
                + "ups,005,009,008\nfedex,005,006,12\n");

    assertThat(diff.counts()).isEqualTo(new DiffCounts(6, 3, 0, 0, 1, 0, 2));
    assertThat(diff.problems())
        .extracting(RowProblem::toString)
        .containsExactly(
            "line 3, column zone: \"12\" is no zone of carrier usps, which has 1-9,A; correct it,"
                + " or add it to --zones",
            "line 5, column zone: \"2\" is no zone of carrier ups, which has 002-008; correct it,"
                + " or add it to --zones");
  }

  @Test
  void rowsThatTakeEffectAfterTodayAreRefused() throws Exception {
    rules = new RowRules(AllowedZones.ANY, List.of(), LocalDate.of(2026, 11, 30));
    topic.put("usps:005:006", "4");
    String dated = "carrier,origin,destination,zone,effective_date\n";

    ZoneDiff early =
        compare(
            dated
                + "usps,005,006,4,2027-01-01\nusps,005,007,4,2026-12-02\n"
                + "usps,005,008,4,2026-12-01\nusps,005,009,4,2026-11-30\nusps,005,010,4,\n");
    ZoneDiff unchanged = compare(dated + "usps,005,006,4,2027-01-01\n");

    assertThat(Guards.STRICT.refusals(early))
        .singleElement()
        .extracting(Refusal::guard, Refusal::message)
        .containsExactly(
            Refusal.Guard.EARLY,
            "2 rows take effect on 2026-12-01 or later, and today is 2026-11-30 (UTC); publish them"
                + " then, or set --early");
    assertThat(new Guards(5, Set.of(Refusal.Guard.EARLY)).refusals(early)).isEmpty();
    assertThat(Guards.STRICT.refusals(unchanged)).isEmpty();
  }

  @Test
  void rowsThatMustHoldAreLookedForInWhatWillBeThere() throws Exception {
    topic.put("usps:005:006", "4").put("usps:005:007", "4").put("ups:005:006", "044");
    rules =
        new RowRules(
            AllowedZones.ANY,
            List.of(
                new ExpectedRow("known.csv line 2", "usps:005:006", "4", ""),
                new ExpectedRow("known.csv line 3", "usps:005:007", "4", ""),
                new ExpectedRow("known.csv line 4", "usps:005:008", "5", ""),
                new ExpectedRow("known.csv line 5", "ups:005:006", "044", ""),
                new ExpectedRow("known.csv line 6", "usps:005:009", "5", "*")),
            LocalDate.MAX);

    ZoneDiff diff = compare(HEADER + "usps,005,006,4\nusps,005,008,6\nusps,005,009,5\n");

    assertThat(new Guards(100, Set.of()).refusals(diff))
        .singleElement()
        .extracting(Refusal::guard, Refusal::message)
        .containsExactly(
            Refusal.Guard.EXPECTATIONS,
            "3 of the rows that must hold would not: known.csv line 3: usps:005:007 would have no"
                + " zone, not 4; known.csv line 4: usps:005:008 would have 6, not 5; known.csv line"
                + " 6: usps:005:009 would have 5, not 5 *; correct the file or these rows, or set"
                + " --expect none");
  }

  @Test
  void rowsThatMustHoldStayWhereTheFileRemovesNothing() throws Exception {
    topic.put("usps:005:006", "4").put("usps:005:007", "5");
    rules =
        new RowRules(
            AllowedZones.ANY,
            List.of(
                new ExpectedRow("known.csv line 2", "usps:005:006", "4", ""),
                new ExpectedRow("known.csv line 3", "usps:005:007", "5", "")),
            LocalDate.MAX);
    FileOptions delta = new FileOptions(Optional.empty(), Optional.empty(), true);
    String changes = "op,carrier,origin,destination,zone\n";

    ZoneDiff other = compare(changes + "upsert,usps,005,008,1\n", delta);
    ZoneDiff deleted = compare(changes + "delete,usps,005,007,\n", delta);
    ZoneDiff withheld = compare(HEADER + "usps,005,006,\nusps,,007,1\nusps,005,008,1\n");

    Guards guards = new Guards(100, Set.of(Refusal.Guard.BAD_ROWS));
    assertThat(guards.refusals(other)).isEmpty();
    assertThat(guards.refusals(deleted))
        .singleElement()
        .asString()
        .contains("known.csv line 3: usps:005:007 would have no zone, not 5");
    assertThat(guards.refusals(withheld)).as("a bad row removes nothing").isEmpty();
  }

  @Test
  void mostOfALargeTableMayNotChange() throws Exception {
    StringBuilder table = new StringBuilder(HEADER);
    IntStream.range(0, 1_800)
        .forEach(
            i -> {
              topic.put("usps:%03d:%03d".formatted(i / 60, 100 + i % 60), "4");
              table.append(
                  "usps,%03d,%03d,%s\n".formatted(i / 60, 100 + i % 60, i < 1_000 ? "5" : "4"));
            });

    ZoneDiff diff = compare(table.toString());
    ZoneDiff fewer = compare(table.toString().replaceFirst(",5\n", ",4\n"));

    assertThat(Guards.STRICT.refusals(diff))
        .singleElement()
        .extracting(Refusal::guard, Refusal::message)
        .containsExactly(
            Refusal.Guard.TOO_MANY_CHANGES,
            "1,000 of the 1,800 rows of carrier usps (55.6 %) would change, more than 50 %; check"
                + " that it is the right file and that no column has shifted, or set"
                + " --max-changed 56");
    assertThat(Guards.STRICT.refusals(fewer)).as("999 rows are few").isEmpty();
  }

  /** A topic whose carrier has codes of three digits and whole zones. */
  private void usual() {
    IntStream.range(100, 160).forEach(i -> topic.put("usps:" + i + ":" + (i + 1), "4"));
  }

  private ZoneDiff compare(String csv) throws Exception {
    return compare(csv, FileOptions.NONE);
  }

  private ZoneDiff compare(String csv, FileOptions options) throws Exception {
    return compare(new Edition(List.of(file(0, csv, options)), false));
  }

  private ZoneDiff compareAll(boolean laterFilesWin, String... csvs) throws Exception {
    List<ZoneFile> files = new ArrayList<>();
    for (String csv : csvs) {
      files.add(file(files.size(), csv, FileOptions.NONE));
    }
    return compare(new Edition(files, laterFilesWin));
  }

  private ZoneFile file(int number, String csv, FileOptions options) throws Exception {
    return ZoneFile.open(
        Files.writeString(directory.resolve("zones" + number + ".csv"), csv), options);
  }

  private ZoneDiff compare(Edition edition) throws Exception {
    return compare(edition, topic, rules);
  }

  /** What an edition changes in a topic, read in small chunks. */
  static ZoneDiff compare(Edition edition, TopicModel topic, RowRules rules) throws Exception {
    BundledSchemas schemas = BundledSchemas.load();
    try (Comparison comparison =
        new Comparison(
            edition, 7, 100, () -> new ZoneRowDecoder(schemas), true, rules, StepProgress.NONE)) {
      comparison.start();
      comparison.readTopic(
          List.of(
              new TopicReader(
                  topic.consumer(),
                  topic.watermark(),
                  Patience.ofAMinute(System::nanoTime, (behind, again) -> false),
                  StepProgress.NONE)),
          TopicModel.PARTITIONS);
      return comparison.readFile();
    }
  }
}
