package io.zonecast.sink.cache;

import java.io.IOException;

/**
 * The node would not list its keys, so that entries which should not be there cannot be found on
 * it. Its entries can still be read by key.
 */
public final class CrawlerRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  CrawlerRefusedException(NodeAddress node, String answer, String remedy) {
    super(
        "memcached %s does not list its keys, so orphaned and foreign entries were not looked for:"
                .formatted(node)
            + " it answered \"%s\" to lru_crawler metadump; %s".formatted(answer, remedy));
  }
}
