package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Listing the keys of a real memcached. */
class KeyCrawlerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Test
  void everyKeyOfThePrefixIsListedOnceAndDecoded() throws Exception {
    try (MemcachedNode node = Servers.shared().memcached("-m", "64")) {
      Set<String> expected = new HashSet<>();
      EntryBatch ours = new EntryBatch("zone:", 0);
      EntryBatch others = new EntryBatch("other:", 0);
      for (int i = 0; i < 20_000; i++) {
        String key = "ups:%d:é%%%d".formatted(i, i);
        ours.set(key.getBytes(UTF_8), new byte[] {'1'});
        others.set(key.getBytes(UTF_8), new byte[] {'1'});
        expected.add("zone:" + key);
      }
      store(node, ours, others);

      Set<String> listed = new HashSet<>();
      long shown =
          crawler(node, "zone:")
              .crawl((key, length) -> listed.add(new String(key, 0, length, UTF_8)));

      assertThat(shown).isEqualTo(20_000);
      assertThat(listed).isEqualTo(expected);
    }
  }

  @Test
  void theListingEndsWhenTheVisitorHasSeenEnough() throws Exception {
    try (MemcachedNode node = Servers.shared().memcached()) {
      EntryBatch batch = new EntryBatch("", 0);
      for (int i = 0; i < 1_000; i++) {
        batch.set(("k" + i).getBytes(UTF_8), new byte[] {'1'});
      }
      store(node, batch);

      assertThat(crawler(node, "").crawl((key, length) -> false)).isEqualTo(1);
      assertThat(crawler(node, "").crawl((key, length) -> true)).isEqualTo(1_000);
    }
  }

  @Test
  void aNodeWithoutACrawlerIsRefusedWithTheRemedy() {
    try (MemcachedNode node = Servers.shared().memcached("-o", "no_lru_crawler")) {
      assertThatThrownBy(() -> crawler(node, "").crawl((key, length) -> true))
          .isInstanceOf(CrawlerRefusedException.class)
          .hasMessageContaining(node.address())
          .hasMessageContaining("without -o no_lru_crawler");
    }
  }

  private static KeyCrawler crawler(MemcachedNode node, String prefix) {
    return new KeyCrawler(
        NodeAddress.parse(node.address()), ConnectionSettings.DEFAULT, PATIENCE, prefix);
  }

  private static void store(MemcachedNode node, EntryBatch... batches) throws Exception {
    try (NodeConnection connection =
        NodeConnection.open(NodeAddress.parse(node.address()), ConnectionSettings.DEFAULT)) {
      for (EntryBatch batch : batches) {
        assertThat(connection.sendLoud(batch, PATIENCE)).isEmpty();
      }
    }
  }
}
