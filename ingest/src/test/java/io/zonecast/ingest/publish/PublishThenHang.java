package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress.Phase;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.serde.RowSerdes;
import java.nio.file.Path;
import java.util.Map;

/** A publish in a JVM of its own that stops before its commit, to be killed there. */
final class PublishThenHang {
  private PublishThenHang() {}

  /** Takes the brokers' address, the topic and the file. */
  public static void main(String[] args) throws Exception {
    new ZonePublisher(
            ClientSettings.of(Map.of("bootstrap.servers", args[0])),
            RowSerdes.bundled(),
            PublishSettings.of(args[1]),
            new AtPhase(Phase.PUBLISHING))
        .publish(Edition.open(Path.of(args[2]), FileOptions.NONE));
  }
}
