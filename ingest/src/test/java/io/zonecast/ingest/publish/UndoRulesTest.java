package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.source.RowChunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UndoRulesTest {
  private final KeyDigest digest = new KeyDigest(new Random(1));
  private final TextNumbers contents = new TextNumbers("zones with their flags");
  private final EditedRows rows = new EditedRows(digest, contents);

  @Test
  void restoredZonesAreThoseOfTheirCarrier() {
    RowRules rules = rules("usps=1-9");
    restore("usps:005:006", "A", "5");
    restore("usps:005:007", "B", "5");
    restore("usps:005:008", "6", "A");
    restore("ups:005:006", "A", "5");

    assertThat(new UndoRules(rules, digest).refusals(rows))
        .singleElement()
        .extracting(Refusal::guard, Refusal::message)
        .containsExactly(
            Refusal.Guard.ZONES,
            "2 rows would have zones that their carrier may not have, the first: usps:005:006 \"A\""
                + " is no zone of carrier usps, which has 1-9; correct it, or add it to --zones;"
                + " set --zones none to restore them anyway");
  }

  @Test
  void rowThatIsKeptMayHaveAnyZone() {
    int kept = rows.add(bytes("usps:005:006"), content("A"));
    rows.stands(kept, content("B"));
    rows.keep(kept);

    assertThat(new UndoRules(rules("usps=1-9"), digest).refusals(rows)).isEmpty();
  }

  @Test
  void rowsThatMustHoldAreLookedForAmongThoseRestoredAndThoseThatStay() {
    UndoRules rules =
        new UndoRules(
            rules(
                "ups=1",
                expected("usps:005:006", "4"),
                expected("usps:005:007", "5"),
                expected("usps:005:008", "6"),
                expected("usps:005:009", "7"),
                expected("usps:005:010", "8")),
            digest);
    rules.row(bytes("usps:005:007"), content("5"));
    rules.row(bytes("usps:005:008"), content("6"));
    rules.row(bytes("usps:005:008"), DigestBlock.NO_VALUE);
    restore("usps:005:006", "4", "3");
    int removedAgain = rows.add(bytes("usps:005:009"), DigestBlock.NO_VALUE);
    rows.stands(removedAgain, content("7"));
    rows.choose(removedAgain);
    int kept = rows.add(bytes("usps:005:010"), content("8"));
    rows.stands(kept, content("9"));
    rows.keep(kept);

    assertThat(rules.refusals(rows))
        .singleElement()
        .extracting(Refusal::guard, Refusal::message)
        .containsExactly(
            Refusal.Guard.EXPECTATIONS,
            "3 of the rows that must hold would not: usps:005:008: usps:005:008 would have no zone,"
                + " not 6; usps:005:009: usps:005:009 would have no zone, not 7; usps:005:010:"
                + " usps:005:010 would have 9, not 8; correct the file or these rows, or set"
                + " --expect none");
  }

  /** The row gets back what it had. */
  private void restore(String key, String zone, String standing) {
    int row = rows.add(bytes(key), content(zone));
    rows.stands(row, content(standing));
    rows.choose(row);
  }

  private int content(String zone) {
    byte[] text = zone.getBytes(StandardCharsets.US_ASCII);
    return contents.view().idOf(text, 0, text.length, text, 0, 0, RowChunk.UNDATED);
  }

  private static RowRules rules(String zones, ExpectedRow... expected) {
    return new RowRules(AllowedZones.parse(zones), List.of(expected), LocalDate.MAX);
  }

  private static ExpectedRow expected(String key, String zone) {
    return new ExpectedRow(key, key, zone, "");
  }

  private static ByteBuffer bytes(String key) {
    return ByteBuffer.wrap(key.getBytes(StandardCharsets.US_ASCII));
  }
}
