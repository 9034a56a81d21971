package io.zonecast.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The stack of {@code docker-compose.yml} as it is, under a name and on ports of its own. Nothing
 * of it outlives this JVM, unless that is killed.
 */
final class Stack implements AutoCloseable {
  /** How many rows its table has: enough for all partitions of both nodes. */
  static final int ROWS = 20_000;

  private static final Path FILE = Path.of("..", "docker-compose.yml").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration TO_START = Duration.ofMinutes(3);

  private static final List<String> PORTS =
      List.of(
          "KAFKA_PORT",
          "REGISTRY_PORT",
          "MEMCACHED_1_PORT",
          "MEMCACHED_2_PORT",
          "SINK_1_PORT",
          "SINK_2_PORT",
          "STREAM_PORT");

  /** A service of {@code config}'s answer: its name, and what is said about it. */
  private static final Pattern SERVICE = Pattern.compile("(?m)^  ([a-z0-9-]+):\\n((?:   .*\\n)+)");

  private static final Pattern IMAGE = Pattern.compile("(?m)^    image: (\\S+)$");

  private final String project = "zonecast-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<String> compose;
  private final Map<String, String> environment = new HashMap<>();
  private final Thread atExit = new Thread(this::takeDown, "take-down-" + project);

  private Stack(List<String> compose, String image) {
    this.compose = List.copyOf(compose);
    environment.put("COMPOSE_FILE", FILE.toString());
    environment.put("COMPOSE_PROJECT_NAME", project);
    environment.put("ZONECAST_IMAGE", image);
    environment.put("ROWS", Integer.toString(ROWS));
    // A broker has to know beforehand under which port it is published.
    freePorts().forEach((name, port) -> environment.put(name, Integer.toString(port)));
  }

  /** Starts nothing yet. */
  static Stack of(List<String> compose, String image) {
    return new Stack(compose, image);
  }

  /** The images that it needs, but for those of its profiles. */
  Set<String> images() {
    Set<String> images = new TreeSet<>();
    SERVICE
        .matcher(compose("config").orFail().out())
        .results()
        .map(service -> service.group(2))
        .filter(said -> !said.contains("\n    profiles:"))
        .flatMap(said -> IMAGE.matcher(said).results())
        .map((MatchResult image) -> image.group(1))
        .forEach(images::add);
    return images;
  }

  void up() {
    Runtime.getRuntime().addShutdownHook(atExit);
    compose(TO_START, "up", "--detach", "--no-build").orFail();
  }

  Container container(String service) {
    return Container.of(project, service);
  }

  /** Where a service's page is published on this machine. */
  URI page(String portVariable, String path) {
    return URI.create("http://127.0.0.1:" + environment.get(portVariable) + path);
  }

  /** Runs a command of the image in the stack's network, as its documentation says. */
  Program.Ran zonecast(String... arguments) {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "-T", "zonecast"));
    command.addAll(List.of(arguments));
    return compose(command.toArray(String[]::new));
  }

  /** What a command answers with {@code --json}, whatever its exit code. */
  JsonNode json(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--json");
    Program.Ran ran = zonecast(command.toArray(String[]::new));
    try {
      return new ObjectMapper().readTree(ran.out());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not one JSON document: " + ran, e);
    }
  }

  /** The end of every service's log. */
  String logs() {
    return compose("logs", "--no-color", "--tail", "25").out();
  }

  /** Removes containers, networks and volumes. */
  @Override
  public void close() {
    takeDown();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void takeDown() {
    compose("--profile", "command", "down", "--volumes", "--remove-orphans", "--timeout", "5");
  }

  private Program.Ran compose(String... arguments) {
    return compose(LIMIT, arguments);
  }

  private Program.Ran compose(Duration atMost, String... arguments) {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of(arguments));
    return Program.run(atMost, environment, command);
  }

  /** Ports that were free a moment ago, all of them different. */
  private static Map<String, Integer> freePorts() {
    Map<String, Integer> ports = new HashMap<>();
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (String name : PORTS) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.put(name, socket.getLocalPort());
      }
      for (ServerSocket socket : held) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ports;
  }

  @Override
  public String toString() {
    return project;
  }
}
