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
    List<String> strange = new ArrayList<>();
    rows.forEachWritten(
        (key, content) -> {
          String carrier = key.substring(0, key.indexOf(':'));
          String zone = rows.contents().first(content);
          if (!rules.zones().permit(carrier, zone)) {
            strange.add("%s: \"%s\" %s".formatted(key, zone, rules.zones().reason(carrier)));
          }
        });
    if (!strange.isEmpty()) {
      refusals.add(
          new Refusal(
              Refusal.Guard.BAD_ROWS,
              String.format(
                  Locale.ROOT,
                  "%,d rows would have zones that their carrier has not, the first: %s",
                  strange.size(),
                  strange.get(0))));
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

  private static ByteBuffer key(ExpectedRow row) {
    return ByteBuffer.wrap(row.key().getBytes(StandardCharsets.US_ASCII));
  }
}
