package io.zonecast.sink.node;

import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.owner.NodeOwners;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what our entries under earlier prefixes take on a node. They stay, since readers change to
 * the new prefix after the fill; {@code rebuild --drop-prefix} removes them.
 */
final class FormerPrefixes {
  private static final Logger LOG = LoggerFactory.getLogger(FormerPrefixes.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private FormerPrefixes() {}

  static void say(NodeContext context, NodeConnection connection, NodeOwners owners)
      throws IOException {
    for (var claim : owners.byPrefix().entrySet()) {
      if (claim.getValue().owner().isSameAs(context.us().owner())
          && !claim.getKey().equals(context.us().prefix())) {
        say(context, connection, claim.getKey());
      }
    }
  }

  private static void say(NodeContext context, NodeConnection connection, String prefix)
      throws IOException {
    long[] bytes = {0};
    long entries;
    try {
      var crawler =
          new KeyCrawler(connection.address(), context.pool().connections(), PATIENCE, prefix);
      entries =
          crawler.crawl(
              (key, length) -> {
                bytes[0] += crawler.size();
                return connection.isOpen();
              });
    } catch (CrawlerRefusedException e) {
      LOG.debug("node={} prefix={} is not listed", connection.address(), prefix, e);
      return;
    }
    if (entries == 0) {
      return;
    }
    LOG.info(
        "node={} prefix={} entries={} take {}: they stay, for readers that have not changed yet;"
            + " remove them with: zonecast rebuild --drop-prefix {} {}",
        connection.address(),
        prefix,
        entries,
        megabytes(bytes[0]),
        prefix,
        context.us().options());
    NodeStats stats = NodeStats.read(connection);
    if (stats.bytes() + bytes[0] > stats.limitBytes()) {
      LOG.warn(
          "node={} has {} of memory: the table under prefix {} and as much under {} do not both"
              + " fit, and the node would evict zones; give it more memory, or remove the former"
              + " ones first",
          connection.address(),
          megabytes(stats.limitBytes()),
          prefix,
          context.us().prefix());
    }
  }

  private static String megabytes(long bytes) {
    return (bytes >> 20) + " MB";
  }
}
