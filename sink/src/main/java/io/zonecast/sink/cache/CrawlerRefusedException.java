package io.zonecast.sink.cache;

import java.io.IOException;

/** The node does not list its keys, so orphans cannot be found. It still answers reads by key. */
public final class CrawlerRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  CrawlerRefusedException(NodeAddress node, String answer, String remedy) {
    super(
        "memcached %s does not list its keys, so orphaned and foreign entries were not looked for:"
                .formatted(node)
            + " it answered \"%s\" to lru_crawler metadump; %s".formatted(answer, remedy));
  }
}
