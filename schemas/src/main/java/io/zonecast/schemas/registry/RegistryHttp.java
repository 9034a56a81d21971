package io.zonecast.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the registry's addresses in turn, beginning with the one that answered last, until one
 * answers as a registry does. Every answer is held to a size and a time, from the first byte sent
 * to the last received; what is no JSON, or comes from somewhere else, is no answer.
 */
final class RegistryHttp {
  private static final String JSON = "application/vnd.schemaregistry.v1+json";

  /** The longest answer taken: a schema of a megabyte is a mistake, or an attack. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  /** The registry's own error codes have five digits; three are of some other HTTP server. */
  private static final int FIRST_REGISTRY_CODE = 10_000;

  private static final int MAX_QUOTED = 300;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http;
  private final List<URI> addresses;
  private final Duration limit;
  private final Optional<String> authorization;
  private volatile int lastGood;

  /**
   * Makes a conversation with one registry.
   *
   * @param addresses the registry's base URLs, without credentials
   * @param limit for one address to answer in full
   * @param authorization the value of that header
   */
  RegistryHttp(
      HttpClient http, List<URI> addresses, Duration limit, Optional<String> authorization) {
    this.http = http;
    this.addresses = List.copyOf(addresses);
    this.limit = limit;
    this.authorization = authorization;
  }

  /**
   * Asks for {@code path}.
   *
   * @param purpose what is wanted, for messages: "schema id 7"
   * @throws RegistryUnavailableException if no address answers as a registry does
   */
  RegistryAnswer ask(String purpose, String method, String path, @Nullable JsonNode body) {
    List<String> failures = new ArrayList<>();
    @Nullable Throwable cause = null;
    int first = lastGood;
    for (int i = 0; i < addresses.size(); i++) {
      int index = (first + i) % addresses.size();
      URI address = addresses.get(index);
      try {
        RegistryAnswer answer = askOne(purpose, address, method, path, body);
        lastGood = index;
        return answer;
      } catch (IOException e) {
        failures.add(address + " " + e.getMessage());
        cause = e;
      }
    }
    throw new RegistryUnavailableException(
        "no schema registry answers for %s: %s; check schema.registry.url"
            .formatted(purpose, String.join("; ", failures)),
        cause);
  }

  private RegistryAnswer askOne(
      String purpose, URI address, String method, String path, @Nullable JsonNode body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Accept", JSON + ", application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()));
    if (body != null) {
      request.header("Content-Type", JSON);
    }
    authorization.ifPresent(value -> request.header("Authorization", value));
    HttpResponse<byte[]> response = send(request.build());
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new RegistryRefusedException(
          "schema registry "
              + address
              + " answers "
              + status
              + " for "
              + purpose
              + ": "
              + (authorization.isPresent()
                  ? "it does not accept the credentials, or their owner may not do this; check"
                      + " basic.auth.user.info or bearer.auth.token, and the owner's rights"
                  : "it wants credentials; set basic.auth.credentials.source and"
                      + " basic.auth.user.info, or bearer.auth.credentials.source and"
                      + " bearer.auth.token"));
    }
    if (status >= 300 && status < 400) {
      throw new RegistryRefusedException(
          ("schema registry %s answers %s for %s, a redirect to %s; redirects are not"
                  + " followed, as credentials would go along: set schema.registry.url to the"
                  + " registry itself")
              .formatted(
                  address,
                  status,
                  purpose,
                  printable(response.headers().firstValue("Location").orElse("nowhere"))));
    }
    if (status >= 500 || status == 408 || status == 429) {
      throw new IOException("answers " + status);
    }
    JsonNode json = parse(response.body());
    int errorCode = json.path("error_code").asInt(status);
    if (status == 404 && errorCode < FIRST_REGISTRY_CODE) {
      throw new IOException(
          "answers 404, and not as a schema registry does: has the URL its path?");
    }
    if (status < 300 && json.isMissingNode()) {
      throw new IOException("answers " + status + " with something that is no JSON");
    }
    return new RegistryAnswer(
        address, status, errorCode, printable(json.path("message").asText("")), json);
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(request, head -> new LimitedBody(MAX_BODY_BYTES));
    try {
      // HttpRequest.timeout would end with the headers: a body could drip for ever.
      return response.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new IOException("has not answered in full within " + limit.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(reasonOf(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      response.cancel(true);
      throw new InterruptException(e);
    }
  }

  private static String reasonOf(@Nullable Throwable error) {
    if (error instanceof ConnectException) {
      // The JDK gives it no message.
      return "refuses the connection";
    }
    return error == null ? "fails" : "fails: " + printable(String.valueOf(error.getMessage()));
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      return json == null ? MissingNode.getInstance() : json;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** What a stranger says, fit for one line of a log. */
  private static String printable(String text) {
    String cut = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}+", " ");
  }

  @Override
  public String toString() {
    return addresses.toString();
  }
}
