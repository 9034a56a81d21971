package io.zonecast.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.zonecast.schemas.wire.BundledSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A registry behind HTTPS and a password that has one schema, ours, under id 1, whatever the
 * subject: enough to see whether every command gets there.
 */
final class TlsRegistry implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpsServer server;
  private final String authorization;

  private TlsRegistry(HttpsServer server, String userInfo) {
    this.server = server;
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(UTF_8));
  }

  static TlsRegistry start(Identity identity, String userInfo, Path directory)
      throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(identity, directory)));
    TlsRegistry registry = new TlsRegistry(server, userInfo);
    server.createContext("/", registry::answer);
    server.start();
    return registry;
  }

  /** Host and port, without a scheme. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static SSLContext context(Identity identity, Path directory)
      throws IOException, GeneralSecurityException {
    char[] password = "registry".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    Path file = identity.writeKeyStore(directory.resolve("registry.p12"), "registry");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(exchange, 401, "{\"error_code\":401,\"message\":\"who are you?\"}");
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/config")) {
      send(exchange, 200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
    } else if (path.startsWith("/compatibility")) {
      send(exchange, 200, "{\"is_compatible\":true}");
    } else if (path.endsWith("/versions") && exchange.getRequestMethod().equals("GET")) {
      send(exchange, 200, "[1]");
    } else {
      ObjectNode schema = MAPPER.createObjectNode();
      schema.put("subject", path.replaceFirst("/subjects/([^/]*).*", "$1"));
      schema.put("version", 1).put("id", 1);
      schema.put("schema", BundledSchemas.load().latest().toString());
      send(exchange, 200, schema.toString());
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
