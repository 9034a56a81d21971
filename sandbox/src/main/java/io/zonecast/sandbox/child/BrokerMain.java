package io.zonecast.sandbox.child;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * Starts one Kafka broker in KRaft combined mode and says on stdout when it answers.
 *
 * <p>Formats the data directory where that has not been done, which saves the start of a second JVM
 * for Kafka's own tool.
 */
public final class BrokerMain {
  /** The line on stdout that says that clients may connect. */
  public static final String STARTED = "broker started";

  private BrokerMain() {}

  /** Takes the path of a Kafka properties file and the cluster id, in that order. */
  public static void main(String[] args) throws IOException {
    Path configuration = Path.of(args[0]);
    String clusterId = args[1];
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(configuration, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }

    // Kafka's tool and its own start-up write to stdout, which here carries one line only.
    PrintStream stdout = System.out;
    System.setOut(System.err);
    if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
      String[] format = {"format", "--cluster-id", clusterId, "--config", configuration.toString()};
      int exitCode = StorageTool.execute(format, System.err);
      if (exitCode != 0) {
        System.exit(exitCode);
      }
    }

    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    stdout.println(STARTED);
    server.awaitShutdown();
  }
}
