package io.zonecast.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A table of its own on the shared broker and two nodes, and the commands pointed at them. */
final class CommandStage implements AutoCloseable {
  static final String TABLE =
      """
      carrier,origin,destination,zone,flags
      usps,005,006,A,
      usps,005,010,2,*
      usps,006,005,4,
      """;

  final String topic = "zones-" + UUID.randomUUID();
  final String group = "group-of-" + topic;
  final List<MemcachedNode> nodes =
      List.of(Servers.shared().memcached(), Servers.shared().memcached());
  final Map<String, String> environment =
      Map.of(
          "ZONECAST_BOOTSTRAP_SERVERS",
          Servers.shared().broker().bootstrapServers(),
          "ZONECAST_TOPIC",
          topic,
          "ZONECAST_GROUP",
          group,
          "ZONECAST_MEMCACHED",
          nodes.get(0).address() + "," + nodes.get(1).address());
  private final Path directory;

  /**
   * @param directory for files of tables
   */
  CommandStage(Path directory) {
    this.directory = directory;
  }

  /** The environment with one variable changed. */
  Map<String, String> with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return changed;
  }

  Ran run(String... arguments) {
    return run(environment, arguments);
  }

  Ran run(Map<String, String> otherEnvironment, String... arguments) {
    return Ran.zonecast(otherEnvironment, arguments);
  }

  /** Runs what is to succeed. */
  Ran ran(String... arguments) {
    Ran ran = run(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }

  /** Publishes {@link #TABLE}. */
  void publishTheTable() throws IOException {
    ran("publish", write("usps.csv", TABLE).toString());
  }

  Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  JsonNode lag() {
    Ran ran = run("lag", "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.json();
  }

  void awaitInStep() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(lag().get("verdict").asText()).isEqualTo("CAUGHT_UP"));
  }

  /** Asks a node for something, as anybody with a connection can. */
  static void ask(MemcachedNode node, String request) throws IOException {
    try (Socket socket = new Socket(node.host(), node.port())) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      assertThat(socket.getInputStream().readNBytes(3)).isNotEmpty();
    }
  }

  @Override
  public void close() {
    nodes.forEach(MemcachedNode::close);
  }
}
