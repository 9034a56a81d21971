package io.zonecast.app.command;

import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.LagProbe;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Looks as {@code lag} does, for a process that looks again and again. Connects at the first look,
 * so that a sink starts no later for it.
 */
final class GroupLook implements Supplier<LagProbe>, AutoCloseable {
  private final CommonOptions common;
  private final CacheSettings cache;
  private @Nullable Admin admin;
  private @Nullable LagProbe probe;

  GroupLook(CommonOptions common, CacheSettings cache) {
    this.common = common;
    this.cache = cache;
  }

  @Override
  public synchronized LagProbe get() {
    LagProbe made = probe;
    if (made == null) {
      KafkaClients kafka = new KafkaClients(common.kafka(), "sink-look");
      Admin opened = kafka.admin();
      made =
          new LagProbe(
              opened,
              kafka::reader,
              common.topic(),
              cache.group(),
              new CacheNodes(cache.nodes(), cache.group(), common.topic(), cache.writtenWith()));
      admin = opened;
      probe = made;
    }
    return made;
  }

  /** Hangs up at once; nobody looks any more. */
  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
