package io.zonecast.sink.cache.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sink.cache.NodeAddress;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.rubyeye.xmemcached.HashAlgorithm;
import net.spy.memcached.DefaultHashAlgorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {
  private static final List<NodeAddress> THREE = NodeAddress.parseList("a:11211,b:11211,c:11211");

  @Property
  void moduloIsTheArithmeticOfBothJavaClients(
      @ForAll String key, @ForAll @IntRange(min = 2, max = 50) int nodes) {
    byte[] bytes = ("zone:" + key.replaceAll("\\p{Cs}", "?")).getBytes(UTF_8);
    String text = new String(bytes, UTF_8);

    int node = new ModuloPlacement(nodes).nodeFor(bytes);

    assertThat((long) node)
        .isEqualTo(DefaultHashAlgorithm.NATIVE_HASH.hash(text) % nodes)
        .isEqualTo(HashAlgorithm.NATIVE_HASH.hash(text) % nodes);
  }

  @ParameterizedTest
  @EnumSource
  void aKeyIsPlacedByItsOwnBytesAlone(PlacementScheme scheme) {
    Placement placement = scheme.place(THREE);
    byte[] key = "zone:usps:005:010".getBytes(UTF_8);
    byte[] within = "xxzone:usps:005:010yyy".getBytes(UTF_8);

    assertThat(placement.nodeFor(within, 2, key.length)).isEqualTo(placement.nodeFor(key));
  }

  @ParameterizedTest
  @EnumSource
  void everyNodeGetsItsShare(PlacementScheme scheme) {
    Placement placement = scheme.place(THREE);
    int[] share = new int[3];
    for (int i = 0; i < 30_000; i++) {
      share[placement.nodeFor("zone:usps:%03d:%03d".formatted(i / 173, i % 173).getBytes(UTF_8))]++;
    }

    assertThat(Arrays.stream(share).min().orElseThrow()).isGreaterThan(7_000);
  }

  @ParameterizedTest
  @EnumSource
  void aSingleNodeHasEverything(PlacementScheme scheme) {
    Placement placement = scheme.place(THREE.subList(1, 2));

    assertThat(placement.nodeFor("any".getBytes(UTF_8))).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aSchemeIsReadAsItIsWritten(PlacementScheme scheme) {
    assertThat(PlacementScheme.parse(scheme.toString())).isEqualTo(scheme);
  }

  @Test
  void anUnknownSchemeIsRefusedWithTheOnesThereAre() {
    assertThatThrownBy(() -> PlacementScheme.parse("Ketama"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("modulo, ketama, pymemcache");
    assertThatThrownBy(() -> PlacementScheme.KETAMA.place(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no node");
  }
}
