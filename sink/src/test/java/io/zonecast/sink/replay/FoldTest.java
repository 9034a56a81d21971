package io.zonecast.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

class FoldTest {
  private static final int NODES = 3;
  private static final long AMPLE = 64 << 20;

  /** A set, or without a length a tombstone. */
  record Put(int key, int valueLength) {
    String keyText() {
      return "usps:" + key + ":010";
    }

    int node() {
      return key % NODES;
    }

    @Nullable String value(long offset) {
      return valueLength < 0 ? null : (offset + "x".repeat(valueLength));
    }
  }

  /** What a node holds of a key: at which offset, and which value, or null for a tombstone. */
  record Latest(long offset, int node, @Nullable String value) {}

  @Provide
  Arbitrary<List<Put>> histories() {
    Arbitrary<Integer> keys = Arbitraries.integers().between(0, 400);
    // Mostly as short as zones are, now and then far larger than a small fold's growth.
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, Arbitraries.just(-1)),
            net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(0, 3)),
            net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(100, 4_000)));
    return Combinators.combine(keys, lengths).as(Put::new).list().ofMaxSize(1_500);
  }

  @Property(tries = 200)
  void allPassesTogetherHoldTheLatestOfEachKeyWhateverTheMemory(
      @ForAll("histories") List<Put> history, @ForAll @LongRange(min = 1, max = 400_000) long max) {
    List<Fold> passes = fold(history, max);

    assertThat(entriesOf(passes, 0)).isEqualTo(oracle(history));
  }

  @Property(tries = 50)
  void aNodeThatHasGotSomewhereSeesOnlyWhatCameLater(
      @ForAll("histories") List<Put> history, @ForAll @LongRange(min = 0, max = 1_500) long from) {
    List<Fold> passes = fold(history, AMPLE);

    var later = new TreeMap<>(oracle(history));
    later.values().removeIf(latest -> latest.offset < from);
    assertThat(entriesOf(passes, from)).isEqualTo(later);
  }

  @Property(tries = 50)
  void eachKeyBelongsToOnePass(
      @ForAll("histories") List<Put> history, @ForAll @LongRange(min = 1, max = 200_000) long max) {
    List<Fold> passes = fold(history, max);

    for (Put put : history) {
      byte[] key = bytes(put.keyText());
      assertThat(passes.stream().filter(pass -> pass.covers(key, 0, key.length))).hasSize(1);
    }
  }

  @Property(tries = 50)
  void aFoldKnowsWhatItHoldsLiveAndAtWhichOffset(@ForAll("histories") List<Put> history) {
    Fold fold = fold(history, AMPLE).get(0);

    oracle(history)
        .forEach(
            (keyText, latest) -> {
              byte[] key = bytes(keyText);
              assertThat(fold.offsetOf(key, 0, key.length)).isEqualTo(latest.offset);
              assertThat(fold.holdsLive(latest.node, key, 0, key.length))
                  .isEqualTo(latest.value != null);
              assertThat(fold.holdsLive(latest.node + 1, key, 0, key.length)).isFalse();
            });
  }

  @Example
  void supersededEntriesAreCompactedRatherThanSplitIntoPasses() {
    var fold = new Fold(200_000, 0);

    for (int offset = 0; offset < 100_000; offset++) {
      // The length changes each time, so that no entry can be written over in place.
      put(fold, offset, new Put(1, 1 + offset % 2));
    }

    assertThat(fold.hashCeiling()).isEqualTo(Fold.HASH_END);
    assertThat(fold.size()).isEqualTo(1);
    assertThat(fold.bytes()).isLessThanOrEqualTo(200_000);
  }

  @Example
  void aRowLargerThanTheBoundIsTakenAlone() {
    List<Put> history = List.of(new Put(1, 2), new Put(2, 300_000), new Put(3, 2));

    List<Fold> passes = fold(history, 100_000);

    assertThat(entriesOf(passes, 0)).isEqualTo(oracle(history));
  }

  @Example
  void aRecordThatCannotBeReadChangesNothing() {
    var fold = new Fold(AMPLE, 0);
    List<Put> history = List.of(new Put(1, 2), new Put(2, -1), new Put(4, 2));

    for (int key = 1; key <= 4; key++) {
      putUnreadable(fold, key - 1L, key);
      if (key != 3) {
        put(fold, key - 1L, history.get(Math.min(key, 3) - 1));
      }
      putUnreadable(fold, 10L + key, key);
    }

    assertThat(entriesOf(List.of(fold), 0)).containsOnlyKeys(text(1), text(2), text(4));
    assertThat(live(fold, 1)).isTrue();
    assertThat(live(fold, 2)).as("deleted").isFalse();
    assertThat(live(fold, 3)).as("nothing but unreadable").isTrue();
    assertThat(live(fold, 4)).isTrue();
  }

  private static String text(int key) {
    return new Put(key, 0).keyText();
  }

  private static boolean live(Fold fold, int key) {
    byte[] bytes = bytes(text(key));
    return fold.holdsLive(new Put(key, 0).node(), bytes, 0, bytes.length);
  }

  private static void putUnreadable(Fold fold, long offset, int key) {
    byte[] bytes = bytes(text(key));
    fold.putUnreadable(offset, new Put(key, 0).node(), bytes, 0, bytes.length);
  }

  @Example
  void anArenaGrowsByHalfUpToTheLongestArray() {
    int most = Integer.MAX_VALUE - 16;

    assertThat(Fold.grown(1_000, 1_020, AMPLE)).isEqualTo(1_500);
    assertThat(Fold.grown(1_600_000_000, 1_600_000_020L, Fold.MOST_BYTES))
        .isEqualTo((int) Fold.MOST_BYTES);
    assertThat(Fold.grown(1_600_000_000, 1_600_000_020L, 2 * Fold.MOST_BYTES)).isEqualTo(most);
    assertThat(Fold.grown(most, most + 20L, 2 * Fold.MOST_BYTES)).isEqualTo(most);
    assertThat(Fold.grown(1_000, 1_020, -1)).isZero();
  }

  @Example
  void aRangeWithNothingInItIsOneEmptyPass() {
    List<Fold> passes = fold(List.of(), 1);

    assertThat(passes).singleElement().satisfies(pass -> assertThat(pass.size()).isZero());
  }

  private static List<Fold> fold(List<Put> history, long maxBytes) {
    List<Fold> passes = new ArrayList<>();
    for (long floor = 0;
        floor < Fold.HASH_END;
        floor = passes.get(passes.size() - 1).hashCeiling()) {
      var pass = new Fold(maxBytes, floor);
      for (int offset = 0; offset < history.size(); offset++) {
        put(pass, offset, history.get(offset));
      }
      passes.add(pass);
    }
    return passes;
  }

  private static void put(Fold fold, long offset, Put put) {
    byte[] key = bytes(put.keyText());
    String value = put.value(offset);
    byte[] valueBytes = bytes(value == null ? "" : value);
    int length = value == null ? -1 : valueBytes.length;
    fold.put(offset, put.node(), key, 0, key.length, valueBytes, 0, length);
  }

  private static Map<String, Latest> oracle(List<Put> history) {
    Map<String, Latest> latest = new TreeMap<>();
    for (int offset = 0; offset < history.size(); offset++) {
      Put put = history.get(offset);
      latest.put(put.keyText(), new Latest(offset, put.node(), put.value(offset)));
    }
    return latest;
  }

  private static Map<String, Latest> entriesOf(List<Fold> passes, long fromOffset) {
    Map<String, Latest> entries = new TreeMap<>();
    for (Fold pass : passes) {
      for (int node = 0; node < NODES; node++) {
        int its = node;
        pass.forEach(
            node,
            fromOffset,
            (offset, bytes, keyAt, keyLength, valueAt, valueLength) -> {
              String key = new String(bytes, keyAt, keyLength, StandardCharsets.UTF_8);
              String value =
                  valueLength < 0
                      ? null
                      : new String(bytes, valueAt, valueLength, StandardCharsets.UTF_8);
              assertThat(entries.put(key, new Latest(offset, its, value)))
                  .as("%s is seen once", key)
                  .isNull();
            });
      }
    }
    return entries;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
