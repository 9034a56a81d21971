package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DigestTableTest {
  private record Digest(long first, long second) {}

  private record Put(Digest digest, int state) {}

  @Property(tries = 200)
  void answersAsAMapDoes(@ForAll("puts") List<Put> puts) {
    DigestTable table = new DigestTable(0);
    Map<Digest, Integer> map = new HashMap<>();

    for (Put put : puts) {
      Digest digest = put.digest();
      Integer before = map.put(digest, put.state());
      assertThat(table.get(digest.first(), digest.second())).isEqualTo(before == null ? 0 : before);
      assertThat(table.exchange(digest.first(), digest.second(), put.state()))
          .isEqualTo(before == null ? 0 : before);
    }

    assertThat(table.size()).isEqualTo(map.size());
    map.forEach(
        (digest, state) -> assertThat(table.get(digest.first(), digest.second())).isEqualTo(state));
  }

  @Test
  void keepsWhatItHasWhileItGrowsAndCostsWhatTheDocumentsSay() {
    int entries = 500_000;
    DigestTable table = new DigestTable(0);
    Random digests = new Random(1);
    for (int i = 1; i <= entries; i++) {
      assertThat(table.exchange(digests.nextLong(), digests.nextLong(), i)).isZero();
    }

    Random again = new Random(1);
    for (int i = 1; i <= entries; i++) {
      assertThat(table.get(again.nextLong(), again.nextLong())).isEqualTo(i);
    }
    assertThat((double) table.allocatedBytes() / entries).isBetween(25.0, 38.5);
  }

  @Test
  void expectedEntriesNeedNoGrowing() {
    DigestTable table = new DigestTable(100_000);
    long allocated = table.allocatedBytes();
    Random digests = new Random(2);

    for (int i = 1; i <= 95_000; i++) {
      table.exchange(digests.nextLong(), digests.nextLong(), i);
    }

    assertThat(table.allocatedBytes()).isEqualTo(allocated);
  }

  /** Few words, so that digests agree in one half, and in the bits that choose the slot. */
  @Provide
  Arbitrary<List<Put>> puts() {
    Arbitrary<Long> words =
        Arbitraries.oneOf(
            Arbitraries.of(0L, 1L, -1L, 1L << 32, Long.MIN_VALUE), Arbitraries.longs());
    Arbitrary<Digest> digests = Combinators.combine(words, words).as(Digest::new);
    return Combinators.combine(digests, Arbitraries.integers().between(1, 1000))
        .as(Put::new)
        .list()
        .ofMaxSize(600);
  }
}
