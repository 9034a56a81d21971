package io.zonecast.sink.owner;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeOwnersTest {
  private static final Owner ZONES = new Owner("cluster", "zones", "zones-sink");
  private static final String TEXT =
      "zonecast-owners/1\n"
          + "zone%3A cluster=cluster topic=zones group=zones-sink id=AAAAAAAAAAEAAAAAAAAAAg"
          + " node=a:11211 pool=a:11211,b:11211\n"
          + "%C3%A9t%C3%A9%3A cluster=c+2 topic=t group=g%3D+h id=AAAAAAAAAAEAAAAAAAAAAg"
          + " node=[::1]:11211 pool=[::1]:11211";

  private static OwnerClaim claim(Owner owner) {
    return new OwnerClaim(owner, new Uuid(1, 2), "a:11211", List.of("a:11211", "b:11211"));
  }

  @Test
  void theEntryIsTheseBytesAndNoOthers() {
    NodeOwners owners =
        NodeOwners.NONE
            .with(
                "été:",
                new OwnerClaim(
                    new Owner("c 2", "t", "g= h"),
                    new Uuid(1, 2),
                    "[::1]:11211",
                    List.of("[::1]:11211")))
            .with("zone:", claim(ZONES));

    assertThat(new String(owners.encode(), US_ASCII)).isEqualTo(TEXT);
    assertThat(NodeOwners.decode(owners.encode())).contains(owners);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "zonecast-owners/2",
        "zonecast-owners/1 ",
        "zonecast-owners/1\n",
        "zonecast-owners/1\nzone%3A",
        "zonecast-owners/1\nzone%3A cluster=c topic=t group=g id=AAAAAAAAAAEAAAAAAAAAAg node=a:1",
        "zonecast-owners/1\nzone%3A cluster=c topic= group=g id=AAAAAAAAAAEAAAAAAAAAAg node=a:1 pool=a:1",
        "zonecast-owners/1\nzone%ZZ cluster=c topic=t group=g id=AAAAAAAAAAEAAAAAAAAAAg node=a:1 pool=a:1",
        "zonecast-owners/1\nzone%3A cluster=c topic=t group=g id=? node=a:1 pool=a:1",
        "zonecast-owners/1\nzone%3A = topic=t",
        "zonecast-owners/1\nzone%3A \u0000",
      })
  void whatIsNotUnderstoodWholeIsNotUnderstoodAtAll(String text) {
    assertThat(NodeOwners.decode(text.getBytes(US_ASCII))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // prefix, cluster, topic, group, conflicts
    "zone:, cluster, zones, zones-sink, false",
    "zone:, cluster, zones-staging, zones-sink, true",
    "zone:, cluster, zones, staging, true",
    "zone:, other, zones, zones-sink, true",
    "zone, cluster, zones, zones-sink, true",
    "zone:v2:, cluster, zones, zones-sink, true",
    "z, cluster, t, g, true",
    "zone2:, cluster, t, g, false",
    "zone2:, cluster, zones, zones-sink, false",
    // Its checkpoints would have the keys of the other cluster's.
    "zone2:, other, zones, zones-sink, true",
  })
  void claimsConflict(
      String prefix, String cluster, String topic, String group, boolean conflicting) {
    NodeOwners owners = NodeOwners.NONE.with("zone:", claim(ZONES));

    assertThat(owners.conflictingWith(prefix, new Owner(cluster, topic, group)).isEmpty())
        .isEqualTo(!conflicting);
  }

  @Test
  void anAskerWithoutKafkaComparesTopicAndGroup() {
    NodeOwners owners = NodeOwners.NONE.with("zone:", claim(ZONES));

    assertThat(owners.conflictingWith("zone:", new Owner(null, "zones", "zones-sink")).isEmpty())
        .isTrue();
    assertThat(owners.conflictingWith("zone:", new Owner(null, "zones", "g")).isEmpty()).isFalse();
  }
}
