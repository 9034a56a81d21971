package io.zonecast.sandbox;

import io.zonecast.sandbox.child.BrokerMain;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;

/** A Kafka broker in a JVM of its own, on private ports, with its data in a temporary directory. */
final class LocalBroker implements KafkaBroker {
  private static final String CONTROLLER = "CONTROLLER";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final BrokerSettings settings;
  private final List<String> jvmOptions;
  private final ListenerPorts ports;
  private final Path directory = CommandProcess.scratch("broker");
  private final String clusterId = randomClusterId();
  private CommandProcess process;

  LocalBroker(BrokerSettings settings, String... jvmOptions) {
    this.settings = settings;
    this.jvmOptions = List.of(jvmOptions);
    this.ports = ListenerPorts.choose(settings, CONTROLLER);
    this.process = launch();
  }

  @Override
  public String bootstrapServers() {
    return bootstrapServers(ListenerPorts.PLAIN);
  }

  @Override
  public String bootstrapServers(String listener) {
    return ports.address(listener);
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void restart() {
    process.kill();
    process.release();
    process = launch();
  }

  @Override
  public void pause() {
    process.pause();
  }

  @Override
  public void resume() {
    process.resume();
  }

  @Override
  public Optional<Path> dataDirectory() {
    return Optional.of(directory.resolve("data"));
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return "kafka " + bootstrapServers();
  }

  /** Where the broker keeps its files; deleted with it, however this JVM ends. */
  Path directory() {
    return directory;
  }

  private Path configuration() {
    return directory.resolve("server.properties");
  }

  private void writeConfiguration() throws IOException {
    try (Writer writer = Files.newBufferedWriter(configuration(), StandardCharsets.UTF_8)) {
      properties().store(writer, null);
    }
  }

  private CommandProcess launch() {
    List<String> command = new ArrayList<>(List.of(Executables.java(), "-Xmx" + settings.heap()));
    command.addAll(jvmOptions);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Dzonecast.broker.log=" + directory.resolve("broker.log"),
            "-Dlogback.configurationFile=io/zonecast/sandbox/child/logback.xml",
            "-cp",
            BrokerClassPath.find(),
            BrokerMain.class.getName(),
            configuration().toString(),
            clusterId));
    CommandProcess started =
        CommandProcess.start(
            toString(), ServerCommand.process(command), directory, at -> writeConfiguration());
    started.awaitAnswer(() -> started.hasPrinted(BrokerMain.STARTED), START_LIMIT);
    return started;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "node.id",
            "1",
            "process.roles",
            "broker,controller",
            "controller.quorum.voters",
            "1@" + bootstrapServers(CONTROLLER),
            "controller.listener.names",
            CONTROLLER,
            "inter.broker.listener.name",
            ListenerPorts.PLAIN,
            "listeners",
            ports.names().stream()
                .map(name -> name + "://" + ports.address(name))
                .collect(Collectors.joining(",")),
            "listener.security.protocol.map",
            protocols(),
            "log.dirs",
            directory.resolve("data").toString()));
    properties.putAll(settings.serverProperties());
    return properties;
  }

  private String protocols() {
    Map<String, String> protocols = new LinkedHashMap<>(settings.listeners());
    protocols.put(ListenerPorts.PLAIN, "PLAINTEXT");
    protocols.put(CONTROLLER, "PLAINTEXT");
    return protocols.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  /**
   * 16 bytes in Base64 for URLs, as Kafka writes its ids. Never one that begins with a hyphen,
   * which Kafka's own tools take for an option: with the highest bit clear, the first letter is one
   * of the first 32.
   */
  static String randomClusterId() {
    UUID uuid = UUID.randomUUID();
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes
        .putLong(uuid.getMostSignificantBits() & Long.MAX_VALUE)
        .putLong(uuid.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}
