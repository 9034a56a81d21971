package io.zonecast.sink.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node's statistics say of entries that it lost. */
class NodeStatsTest {
  private static final String STATS =
      """
      STAT pid 7\r
      STAT uptime 60\r
      STAT curr_connections 2\r
      STAT curr_items 5\r
      STAT bytes 500\r
      STAT limit_maxbytes 67108864\r
      STAT evictions 3\r
      STAT slab_reassign_rescues 100\r
      STAT slab_reassign_inline_reclaim 100\r
      STAT slab_reassign_busy_items 100\r
      STAT evicted_unfetched 3\r
      """;
  private static final String SETTINGS =
      "STAT maxconns 1024\r\nSTAT item_size_max 1048576\r\nSTAT proxy_enabled no\r\nEND\r\n";

  @ParameterizedTest
  @CsvSource({
    "slab_reassign_evictions_nomem, 9, 12",
    "slab_reassign_busy_deletes, 1, 4",
    "extstore_objects_evicted, 5, 8",
    "extstore_compact_lost, 2, 5",
    "slab_reassign_chunk_rescues, 9, 3"
  })
  void whateverANodeLostForLackOfMemoryIsAnEviction(String counter, int count, int evictions)
      throws Exception {
    String stats = STATS + "STAT " + counter + " " + count + "\r\nEND\r\n";
    try (FakeNode node =
            FakeNode.answeringEach(request -> request.equals("stats\r\n") ? stats : SETTINGS);
        NodeConnection connection =
            NodeConnection.open(node.address(), ConnectionSettings.DEFAULT)) {

      assertThat(NodeStats.read(connection).evictions()).isEqualTo(evictions);
    }
  }
}
