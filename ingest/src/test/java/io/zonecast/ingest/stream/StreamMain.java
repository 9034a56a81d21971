package io.zonecast.ingest.stream;

import java.nio.file.Path;
import java.util.Map;

/** A stream in a JVM of its own, to be killed there. */
final class StreamMain {
  private StreamMain() {}

  /** Takes the brokers' address, the table and the state directory. */
  public static void main(String[] args) throws Exception {
    new UpdateStream(
            StreamStage.settings(Map.of("bootstrap.servers", args[0]), args[1], Path.of(args[2])))
        .run();
  }
}
