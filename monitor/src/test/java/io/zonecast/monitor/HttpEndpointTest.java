package io.zonecast.monitor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointTest {
  private final CountDownLatch forEver = new CountDownLatch(1);
  private final Served served;

  HttpEndpointTest() throws IOException {
    served =
        new Served(
            Map.of(
                "/word",
                request -> Reply.of("text/plain", "hello".getBytes(UTF_8)),
                "/broken",
                request -> {
                  throw new IOException("password=geheim");
                },
                "/slow",
                request -> {
                  try {
                    forEver.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return Reply.text(200, "late");
                }));
  }

  @AfterEach
  void close() {
    forEver.countDown();
    served.close();
  }

  @Test
  void aResourceIsServedAtItsPath() {
    HttpResponse<String> reply = served.get("/word");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("hello");
  }

  @Test
  void aHeadHasTheHeadersAndNoBody() {
    HttpResponse<String> reply = served.send("HEAD", "/word");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Length")).hasValue("5");
    assertThat(reply.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/word/", "/word/more", "/wor", "/../word"})
  void anyOtherPathIsNotFound(String path) {
    assertThat(served.get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
  void whatIsNotReadingIsNotAllowed(String method) {
    HttpResponse<String> reply = served.send(method, "/word");

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void everyReplyForbidsBrowsersWhatThePageDoesNotNeed() {
    for (String path : List.of("/word", "/nothing", "/broken")) {
      HttpResponse<String> reply = served.get(path);

      assertThat(reply.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(reply.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }
  }

  @Test
  void aFailureTellsTheClientNothing() {
    HttpResponse<String> reply = served.get("/broken");

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).doesNotContain("geheim");
  }

  @Test
  void aNameThatWasMadeToPointHereGetsNothing() throws IOException {
    assertThat(statusFor("evil.example:80")).contains(" 421 ");
    assertThat(statusFor("localhost:8080")).contains(" 200 ");
    assertThat(statusFor("[::1]:8080")).contains(" 200 ");
  }

  private String statusFor(String host) throws IOException {
    try (Socket client = connect()) {
      send(client, "GET /word HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      return new String(client.getInputStream().readAllBytes(), US_ASCII).lines().findFirst().get();
    }
  }

  @Test
  void slowClientsKeepNobodyWaiting() throws IOException {
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Socket halfSaid = connect();
      send(halfSaid, "GET /word HT");
      slow.add(halfSaid);
      Socket waits = connect();
      send(waits, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
      slow.add(waits);
    }

    assertThat(served.get("/word").body()).isEqualTo("hello");

    for (Socket client : slow) {
      client.close();
    }
  }

  @Test
  void aClientThatDoesNotFinishItsRequestIsHungUpOn() throws IOException {
    try (Socket client = connect()) {
      client.setSoTimeout(15_000);
      send(client, "GET /word HT");

      assertThat(client.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void anAddressInUseIsNamed() {
    var second = new HttpEndpoint(served.address(), Map.of());

    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessage(served.address() + ": cannot listen there: Address already in use");
  }

  @Test
  void aClosedEndpointListensNoMore() {
    served.close();

    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  private Socket connect() throws IOException {
    return new Socket(served.address().host(), served.address().port());
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(US_ASCII));
    client.getOutputStream().flush();
  }
}
