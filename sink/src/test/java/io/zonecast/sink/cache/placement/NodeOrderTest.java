package io.zonecast.sink.cache.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.cache.NodeAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whether the order of the nodes places keys, which decides whether two lists are the same pool.
 */
class NodeOrderTest {
  private static final List<NodeAddress> NODES =
      IntStream.range(0, 7).mapToObj(i -> NodeAddress.parse("cache" + i + ":11211")).toList();

  @ParameterizedTest
  @EnumSource(PlacementScheme.class)
  void aKeyStaysOnItsNodeInAnyOrderUnlessTheSchemeIsOrdered(PlacementScheme scheme) {
    Random random = new Random(1);
    boolean moved = false;
    for (int order = 0; order < 5; order++) {
      List<NodeAddress> shuffled = new ArrayList<>(NODES);
      Collections.shuffle(shuffled, random);
      moved |= !placed(scheme, shuffled).equals(placed(scheme, NODES));
    }

    assertThat(moved).isEqualTo(PlacementScheme.isOrdered(scheme.toString()));
  }

  private static List<NodeAddress> placed(PlacementScheme scheme, List<NodeAddress> nodes) {
    Placement placement = scheme.place(nodes);
    return IntStream.range(0, 5_000)
        .mapToObj(i -> nodes.get(placement.nodeFor(("zone:usps:005:" + i).getBytes(UTF_8))))
        .toList();
  }
}
