package io.zonecast.sink;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.owner.SampleKeys;

/** Makes the check of whose a node is, for a sink and for the commands with a sink's settings. */
public final class OwnerChecks {
  private OwnerChecks() {}

  public static Claimant claimant(SinkSettings settings, TopicInfo topic) {
    return new Claimant(topic, settings.group(), settings.writtenWith());
  }

  public static OwnerCheck of(SinkSettings settings, TopicInfo topic) {
    return new OwnerCheck(
        claimant(settings, topic),
        settings.connections(),
        new SampleKeys(topic.name(), topic.partitions(), () -> new SinkClients(settings).reader()));
  }
}
