package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  /** The lowest bits of the second word are the table's own to use. */
  private record Digest(long first, long second) {
    Digest {
      second &= -1L << DigestTable.STATE_BITS;
    }
  }

  private record Put(Digest digest, int state) {}

  @Property(tries = 200)
  void answersAsAMapDoes(@ForAll("puts") List<Put> puts) {
    DigestTable table = new DigestTable();
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
    DigestTable table = new DigestTable();
    Random digests = new Random(1);
    for (int i = 1; i <= entries; i++) {
      assertThat(table.exchange(digests.nextLong(), digests.nextLong(), i)).isZero();
    }

    Random again = new Random(1);
    for (int i = 1; i <= entries; i++) {
      assertThat(table.get(again.nextLong(), again.nextLong())).isEqualTo(i);
    }
    assertThat((double) table.allocatedBytes() / entries).isBetween(20.0, 30.5);
  }

  @Test
  void statesAreWhatFitsBesideTheDigest() {
    DigestTable table = new DigestTable();
    table.exchange(1, -1, DigestTable.MAX_STATE);

    assertThat(table.get(1, -1)).isEqualTo(DigestTable.MAX_STATE);
    assertThatThrownBy(() -> table.exchange(1, -1, DigestTable.MAX_STATE + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table.exchange(1, -1, DigestTable.ABSENT))
        .isInstanceOf(IllegalArgumentException.class);
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
