package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KeyTableTest {
  @Property(tries = 100)
  void keysAreFoundWithTheirNumbersInTheOrderInWhichTheyCame(@ForAll("keys") List<String> keys) {
    KeyTable table = table();
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      table.set(table.add(bytes(keys.get(i))), KeyTable.SECOND, i);
      expected.put(keys.get(i), i);
    }

    Map<String, Integer> found = new LinkedHashMap<>();
    for (int index = 0; index < table.size(); index++) {
      found.put(text(table, index), table.get(index, KeyTable.SECOND));
    }

    assertThat(found).containsExactlyEntriesOf(expected);
    assertThat(keys).allMatch(key -> text(table, table.indexOf(bytes(key))).equals(key));
    assertThat(table.indexOf(bytes("no:such:key"))).isEqualTo(-1);
  }

  @Property(tries = 100)
  void sortedKeysAreInTheOrderOfCsvLines(@ForAll("keys") List<String> keys) {
    KeyTable table = table();
    keys.forEach(key -> table.add(bytes(key)));

    List<String> sorted = new ArrayList<>();
    for (int index : table.sorted()) {
      sorted.add(text(table, index).replace(':', ','));
    }

    assertThat(sorted).isSorted().hasSize((int) keys.stream().distinct().count());
  }

  @Example
  void keysOfManyBlocksAreFoundAgain() {
    KeyTable table = table();
    for (int i = 0; i < 200_000; i++) {
      table.set(table.add(bytes("usps:" + i + ":010")), KeyTable.FIRST, i);
    }

    for (int i = 0; i < 200_000; i += 997) {
      assertThat(table.get(table.indexOf(bytes("usps:" + i + ":010")), KeyTable.FIRST))
          .isEqualTo(i);
    }
    assertThat(table.size()).isEqualTo(200_000);
  }

  private static KeyTable table() {
    return new KeyTable(new KeyDigest(new Random(7)), 2);
  }

  @Provide
  Arbitrary<List<String>> keys() {
    Arbitrary<String> part =
        Arbitraries.strings().withChars("aZ09.-_").ofMinLength(1).ofMaxLength(3);
    return Combinators.combine(Arbitraries.of("ups", "ups.a", "ups-a", "usps"), part, part)
        .as((carrier, origin, destination) -> carrier + ":" + origin + ":" + destination)
        .list()
        .ofMaxSize(60);
  }

  private static String text(KeyTable table, int index) {
    return new String(table.key(index), StandardCharsets.US_ASCII);
  }

  private static ByteBuffer bytes(String key) {
    return ByteBuffer.wrap(key.getBytes(StandardCharsets.US_ASCII));
  }
}
