package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress.Phase;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.serde.RowSerdes;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A publish in a JVM of its own that says when it has found the difference, to be killed. */
final class PublishAndSay {
  private PublishAndSay() {}

  /** Takes the brokers' address, the topic and the file. */
  public static void main(String[] args) throws Exception {
    new ZonePublisher(
            ClientSettings.of(Map.of("bootstrap.servers", args[0])),
            RowSerdes.bundled(),
            PublishSettings.of(args[1]),
            (phase, done, total) -> {
              if (phase == Phase.COMPARING_FILE && done == total) {
                System.err.println("compared");
              }
            })
        .publish(Edition.open(Path.of(args[2]), FileOptions.NONE));
    // It may also be killed when it is done.
    new CountDownLatch(1).await();
  }
}
