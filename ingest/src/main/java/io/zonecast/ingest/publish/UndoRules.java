package io.zonecast.ingest.publish;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Holds the rows that an undo restores to a team's rules. Takes the table's records first. */
final class UndoRules {
  private final RowRules rules;
  private final KeyTable expected;

  UndoRules(RowRules rules, KeyDigest digest) {
    this.rules = rules;
    this.expected = new KeyTable(digest, 1);
    for (ExpectedRow row : rules.expected()) {
      expected.set(expected.add(key(row)), KeyTable.FIRST, DigestBlock.NO_VALUE);
    }
  }

  void row(ByteBuffer key, int content) {
    int index = expected.indexOf(key);
    if (index >= 0) {
      expected.set(index, KeyTable.FIRST, content);
    }
  }

  /** Why the undo is refused; empty if it may go on. */
  List<Refusal> refusals(EditedRows rows) {
    List<Refusal> refusals = new ArrayList<>();
    int[] strange = rows.written().filter(index -> !isPermitted(rows, index)).toArray();
    if (strange.length > 0) {
      refusals.add(
          new Refusal(
              Refusal.Guard.ZONES,
              String.format(
                  Locale.ROOT,
                  "%,d rows would have zones that their carrier may not have, the first: %s \"%s\" %s;"
                      + " set --zones none to restore them anyway",
                  strange.length,
                  rows.key(strange[0]),
                  zone(rows, strange[0]),
                  rules.zones().reason(carrier(rows, strange[0])))));
    }
    List<String> misses = new ArrayList<>();
    for (ExpectedRow row : rules.expected()) {
      int edited = rows.indexOf(key(row));
      int value =
          edited >= 0
              ? rows.afterwards(edited)
              : expected.get(expected.indexOf(key(row)), KeyTable.FIRST);
      row.miss(Change.Value.of(value, rows.contents())).ifPresent(misses::add);
    }
    ExpectedRow.refusal(misses).ifPresent(refusals::add);
    return refusals;
  }

  private boolean isPermitted(EditedRows rows, int index) {
    return rules.zones().permit(carrier(rows, index), zone(rows, index));
  }

  private static String carrier(EditedRows rows, int index) {
    String key = rows.key(index);
    return key.substring(0, key.indexOf(':'));
  }

  private static String zone(EditedRows rows, int index) {
    return rows.contents().first(rows.target(index));
  }

  private static ByteBuffer key(ExpectedRow row) {
    return ByteBuffer.wrap(row.key().getBytes(StandardCharsets.US_ASCII));
  }
}
