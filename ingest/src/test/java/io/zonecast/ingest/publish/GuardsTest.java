package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.ingest.publish.Refusal.Guard;
import io.zonecast.ingest.source.RowProblem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardsTest {
  private static final RowProblem PROBLEM = new RowProblem(17, "zone", "\"x y\"", "is not a zone");

  @Test
  void nothingWrongIsNoRefusal() {
    assertThat(Guards.STRICT.refusals(diff(100, 0, 0, 0))).isEmpty();
  }

  @Test
  void emptyFileIsRefusedUnlessAllowed() {
    ZoneDiff empty = diff(0, 0, 0, 0);

    assertThat(Guards.STRICT.refusals(empty))
        .extracting(Refusal::guard)
        .containsExactly(Guard.EMPTY_FILE);
    assertThat(new Guards(5, Set.of(Refusal.Guard.EMPTY_FILE)).refusals(empty)).isEmpty();
  }

  @Test
  void badRowIsRefusedUnlessSkipped() {
    ZoneDiff bad = diff(100, 1, 0, 0);

    assertThat(Guards.STRICT.refusals(bad))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.guard()).isEqualTo(Guard.BAD_ROWS))
        .extracting(Refusal::message)
        .asString()
        .isEqualTo(
            "1 bad row, the first: line 17, column zone: \"x y\" is not a zone; mend the file, or"
                + " set --skip-bad-rows to publish the others");
    assertThat(new Guards(5, Set.of(Refusal.Guard.BAD_ROWS)).refusals(bad)).isEmpty();
  }

  @Test
  void contradictionIsRefusedUnlessTheLastRowMayWin() {
    ZoneDiff contradicting = diff(100, 0, 2, 0);

    assertThat(Guards.STRICT.refusals(contradicting))
        .extracting(Refusal::guard)
        .containsExactly(Guard.CONTRADICTIONS);
    assertThat(new Guards(5, Set.of(Refusal.Guard.CONTRADICTIONS)).refusals(contradicting))
        .isEmpty();
  }

  @Test
  void removalsAreJudgedByCarrierAndTheLimitItselfPasses() {
    assertThat(Guards.STRICT.refusals(diff(100, 0, 0, 50))).isEmpty();

    assertThat(Guards.STRICT.refusals(diff(100, 0, 0, 51)))
        .singleElement()
        .extracting(Refusal::message)
        .asString()
        .isEqualTo(
            "51 of the 1,000 rows of carrier usps (5.1 %) are not in the file and would be removed,"
                + " more than 5 %; check that the file is complete, or set --max-removed 6");
  }

  @Test
  void everyReasonIsGivenAtOnce() {
    assertThat(Guards.STRICT.refusals(diff(100, 1, 1, 1_000)))
        .extracting(Refusal::guard)
        .containsExactly(Guard.BAD_ROWS, Guard.CONTRADICTIONS, Guard.TOO_MANY_REMOVALS);
  }

  @Test
  void everyRefusalNamesTheOptionThatOverridesIt() {
    assertThat(Guards.STRICT.refusals(diff(100, 1, 1, 1_000)))
        .allSatisfy(refusal -> assertThat(refusal.message()).contains(refusal.guard().option()));
  }

  @Test
  void allRowsMayGoWhenToldSo() {
    Guards all = new Guards(100, Set.of());

    assertThat(all.refusals(diff(100, 0, 0, 1_000))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 100.1, Double.NaN})
  void percentageIsOne(double percent) {
    assertThatThrownBy(() -> new Guards(percent, Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--max-removed");
  }

  private static ZoneDiff diff(long rows, long rejected, long contradictions, long removed) {
    return new ZoneDiff(
        List.of("checksum"),
        new DiffCounts(rows, rows - rejected, 0, removed, 0, 0, rejected),
        List.of(new CarrierChange("usps", List.of(), 1_000, 0, removed, false, 0)),
        contradictions,
        contradictions == 0 ? List.of() : List.of(PROBLEM),
        rejected == 0 ? List.of() : List.of(PROBLEM),
        0,
        ZoneDiff.Shapes.USUAL);
  }
}
