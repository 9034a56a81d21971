package io.zonecast.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A registry in this JVM that speaks as much of the API as Zonecast asks for, counts what it is
 * asked, and can be told to answer anything else instead.
 */
public final class StandInRegistry implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static {
    // Or each answer waits for the client's delayed acknowledgement: 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> schemas = new ArrayList<>();
  private final Map<String, List<Integer>> subjects = new TreeMap<>();
  private final Map<String, String> levels = new TreeMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile @Nullable Misbehaviour misbehaviour;

  /** Answers in the registry's place. */
  @FunctionalInterface
  public interface Misbehaviour {
    void answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private StandInRegistry(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public static StandInRegistry start() {
    try {
      return new StandInRegistry(HttpServer.create(loopback(0), 0), "http");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static StandInRegistry start(SSLContext tls) {
    try {
      HttpsServer server = HttpsServer.create(loopback(0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return new StandInRegistry(server, "https");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Puts a schema there under the next id, and as the next version of {@code subject}. */
  public synchronized int add(String subject, String schema) {
    int id = schemas.indexOf(schema) + 1;
    if (id == 0) {
      schemas.add(schema);
      id = schemas.size();
    }
    List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  public void misbehave(Misbehaviour instead) {
    misbehaviour = instead;
  }

  public void behave() {
    misbehaviour = null;
  }

  /** What was asked, as {@code GET /subjects}. */
  public List<String> requests() {
    return requests;
  }

  /** The Authorization header of each request that had one. */
  public List<String> authorizations() {
    return authorizations;
  }

  public static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      authorizations.add(authorization);
    }
    Misbehaviour instead = misbehaviour;
    if (instead == null) {
      JsonNode body = MAPPER.readTree(exchange.getRequestBody());
      Answer answer = route(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
      answer(exchange, answer.status(), answer.json());
      return;
    }
    try {
      instead.answer(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Answer route(String method, String path, JsonNode body) {
    String[] parts = path.substring(1).split("/");
    String schema = body == null ? "" : body.path("schema").asText();
    if (path.startsWith("/schemas/ids/")) {
      int id = Integer.parseInt(parts[2]);
      return id <= schemas.size()
          ? Answer.of("schema", schemas.get(id - 1))
          : Answer.error(40403, "Schema " + id + " not found");
    }
    if (path.equals("/subjects")) {
      return new Answer(200, MAPPER.valueToTree(subjects.keySet()).toString());
    }
    if (path.equals("/config")) {
      return Answer.of("compatibilityLevel", "BACKWARD");
    }
    if (parts[0].equals("config")) {
      if (method.equals("PUT")) {
        levels.put(parts[1], body.path("compatibility").asText());
        return new Answer(200, body.toString());
      }
      String level = levels.get(parts[1]);
      return level == null
          ? Answer.error(40408, "Subject '" + parts[1] + "' has no level of its own")
          : Answer.of("compatibilityLevel", level);
    }
    if (parts[0].equals("compatibility")) {
      return subjects.containsKey(parts[2])
          ? new Answer(200, "{\"is_compatible\":true}")
          : Answer.error(40401, "Subject '" + parts[2] + "' not found.");
    }
    return subject(method, parts, schema);
  }

  private Answer subject(String method, String[] parts, String schema) {
    String subject = parts[1];
    if (method.equals("POST") && parts.length == 3) {
      return new Answer(200, "{\"id\":" + add(subject, schema) + "}");
    }
    List<Integer> versions = subjects.get(subject);
    if (versions == null) {
      return Answer.error(40401, "Subject '" + subject + "' not found.");
    }
    if (method.equals("POST")) {
      int version = versions.indexOf(schemas.indexOf(schema) + 1) + 1;
      return version == 0 ? Answer.error(40403, "Schema not found") : version(subject, version);
    }
    if (parts.length == 3) {
      List<Integer> numbers = new ArrayList<>();
      versions.forEach(id -> numbers.add(numbers.size() + 1));
      return new Answer(200, numbers.toString());
    }
    int version = parts[3].equals("latest") ? versions.size() : Integer.parseInt(parts[3]);
    return version > versions.size()
        ? Answer.error(40402, "Version " + version + " not found.")
        : version(subject, version);
  }

  private Answer version(String subject, int version) {
    List<Integer> versions = subjects.getOrDefault(subject, List.of());
    int id = versions.get(version - 1);
    return new Answer(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("subject", subject)
            .put("version", version)
            .put("id", id)
            .put("schema", schemas.get(id - 1))
            .toString());
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private record Answer(int status, String json) {
    static Answer of(String key, String value) {
      return new Answer(200, JsonNodeFactory.instance.objectNode().put(key, value).toString());
    }

    static Answer error(int code, String message) {
      return new Answer(
          404,
          JsonNodeFactory.instance
              .objectNode()
              .put("error_code", code)
              .put("message", message)
              .toString());
    }
  }
}
