package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a table is said to need, against what a real memcached takes for it. */
class MemoryNeedIT {

  @ParameterizedTest
  @CsvSource({"0, ''", "16, ''", "0, '-f 1.05'", "0, '-n 16'"})
  void theNeedIsTheMemoryThatTheNodeTakes(long flags, String options) throws Exception {
    try (MemcachedNode node = memcached(options);
        NodeConnection connection = connect(node)) {
      NodeStats stats = NodeStats.read(connection);
      MemoryNeed need = new MemoryNeed(stats.slabClasses(), "zone:".length(), flags);
      EntryBatch batch = new EntryBatch("zone:", flags);
      Random random = new Random(1);
      for (int i = 0; i < 60_000; i++) {
        byte[] key = "usps:%d:%d".formatted(i, i % 7).getBytes(UTF_8);
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(300) : 1];
        batch.set(key, value);
        need.add(key.length, value.length);
      }

      assertThat(connection.sendLoud(batch, Duration.ofSeconds(10))).isEmpty();

      long taken = Long.parseLong(connection.stats("slabs").get("total_malloced"));
      assertThat(need.entries()).isEqualTo(60_000);
      assertThat((double) need.bytes() / taken).isBetween(0.9, 1.1);
      assertThat(need.on(NodeAddress.parse(node.address()), stats).fits()).isTrue();
    }
  }

  @Test
  void aNodeTooSmallIsToldWhatItNeeds() throws Exception {
    try (MemcachedNode node = memcached("-m 64");
        NodeConnection connection = connect(node)) {
      NodeStats stats = NodeStats.read(connection);
      MemoryNeed need = new MemoryNeed(stats.slabClasses(), "zone:".length(), 0);
      for (int i = 0; i < 866_761; i++) {
        need.add("usps:005:010".length(), 1);
      }

      MemoryVerdict verdict = need.on(NodeAddress.parse(node.address()), stats);

      assertThat(verdict)
          .hasToString(
              "memcached %s: 866,761 entries need about 80 MB and it has 64: start it with -m 88 or"
                      .formatted(node.address())
                  + " add a node");
    }
  }

  @Test
  void anEntryOverTheLargestItemIsCountedApart() throws Exception {
    try (MemcachedNode node = memcached("-m 64");
        NodeConnection connection = connect(node)) {
      NodeStats stats = NodeStats.read(connection);
      MemoryNeed need = new MemoryNeed(stats.slabClasses(), 0, 0);
      EntryBatch batch = new EntryBatch("", 0);
      for (int bytes : List.of(1_000_000, 1_048_515, 1_048_516, 1_048_517, 1_100_000)) {
        byte[] value = new byte[bytes];
        batch.set("k".getBytes(UTF_8), value);
        need.add(1, bytes);
      }

      List<EntryFailure> refused = connection.sendLoud(batch, Duration.ofSeconds(5));

      assertThat(need.tooLarge()).isEqualTo(refused.size());
    }
  }

  private static MemcachedNode memcached(String options) {
    return Servers.shared().memcached(options.isEmpty() ? new String[0] : options.split(" ", -1));
  }

  private static NodeConnection connect(MemcachedNode node) throws Exception {
    return NodeConnection.open(NodeAddress.parse(node.address()), ConnectionSettings.DEFAULT);
  }
}
