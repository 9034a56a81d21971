package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RegistryClientTest {
  private static final Schema SCHEMA = BundledSchemas.load().latest();
  private static final String SUBJECT = "zones-value";

  private final StandInRegistry registry = StandInRegistry.start();
  private final CountDownLatch testIsOver = new CountDownLatch(1);

  @AfterEach
  void stop() {
    testIsOver.countDown();
    registry.close();
  }

  @Test
  void aRegisteredSchemaIsFoundByItsIdAndUnderItsSubject() {
    RegistryClient client = client();

    int id = client.register(SUBJECT, SCHEMA);

    assertThat(client.schemaOf(id)).isEqualTo(SCHEMA);
    assertThat(client.latest(SUBJECT)).contains(new RegisteredSchema(SUBJECT, 1, id, SCHEMA));
    assertThat(client.find(SUBJECT, SCHEMA)).isEqualTo(client.latest(SUBJECT));
    assertThat(client.versions(SUBJECT)).hasSize(1);
    assertThat(client.subjects()).containsExactly(SUBJECT);
  }

  @Test
  void whatIsNotThereIsEmpty() {
    RegistryClient client = client();

    assertThat(client.find(SUBJECT, SCHEMA)).isEmpty();
    assertThat(client.latest(SUBJECT)).isEmpty();
    assertThat(client.versions(SUBJECT)).isEmpty();
    assertThat(client.subjects()).isEmpty();
  }

  @Test
  void anUnknownIdIsNamedWithTheAddressAndTheRegistrysWords() {
    assertThatThrownBy(() -> client().schemaOf(77))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("schema id 77 is unknown to the schema registry " + registry.url())
        .hasMessageContaining("40403 Schema 77 not found");
  }

  @Test
  void aSubjectWithoutALevelHasTheRegistrys() {
    RegistryClient client = client();
    CompatibilityLevel before = client.level(SUBJECT);

    client.setLevel(SUBJECT, CompatibilityLevel.FULL_TRANSITIVE);

    assertThat(before).isEqualTo(CompatibilityLevel.BACKWARD);
    assertThat(client.level(SUBJECT)).isEqualTo(CompatibilityLevel.FULL_TRANSITIVE);
  }

  @Test
  void aConflictIsAnIncompatibleSchemaNamingTheSubject() {
    misbehave(409, "{\"error_code\":409,\"message\":\"incompatible: flags lost its default\"}");

    assertThatThrownBy(() -> client().register(SUBJECT, SCHEMA))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("subject zones-value does not take the schema")
        .hasMessageContaining("flags lost its default")
        .hasMessageContaining(registry.url());
  }

  /** As Apicurio answers one of two who register the first version of a subject at once. */
  @Test
  void whoeverIsToldThatTheSubjectIsThereAlreadyAsksAgain() {
    registry.misbehave(
        exchange -> {
          registry.behave();
          StandInRegistry.answer(
              exchange,
              409,
              "{\"error_code\":409,\"message\":\"An artifact with ID 'zones-value' already exists.\"}");
        });

    int id = client().register(SUBJECT, SCHEMA);

    assertThat(client().find(SUBJECT, SCHEMA))
        .hasValueSatisfying(found -> assertThat(found.id()).isEqualTo(id));
  }

  @Test
  void schemasThatReferToOthersAreReadWithThem() {
    registry.misbehave(
        exchange -> {
          boolean referred = exchange.getRequestURI().getPath().startsWith("/subjects/");
          StandInRegistry.answer(
              exchange,
              200,
              referred
                  ? "{\"subject\":\"flags-value\",\"version\":1,\"id\":4,\"schema\":"
                      + "\"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"x.F\\\",\\\"size\\\":2}\"}"
                  : "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\","
                      + "\\\"fields\\\":[{\\\"name\\\":\\\"f\\\",\\\"type\\\":\\\"x.F\\\"}]}\","
                      + "\"references\":[{\"name\":\"x.F\",\"subject\":\"flags-value\","
                      + "\"version\":1}]}");
        });

    Schema schema = client().schemaOf(5);

    assertThat(schema.getField("f").schema().getFixedSize()).isEqualTo(2);
  }

  @Test
  void schemasThatReferWithoutEndAreGivenUp() {
    registry.misbehave(
        exchange ->
            StandInRegistry.answer(
                exchange,
                200,
                "{\"schema\":\"\\\"string\\\"\",\"references\":[{\"name\":\"n\",\"subject\":\"s\","
                    + "\"version\":"
                    + registry.requests().size()
                    + "}]}"));

    assertThatThrownBy(() -> client().schemaOf(5))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("refers to more than 100 other schemas");
  }

  @Test
  void anIdOfAnotherKindOfSchemaIsUndecodable() {
    misbehave(200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\"}");

    assertThatThrownBy(() -> client().schemaOf(5))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("schema id 5 is of type PROTOBUF");
  }

  static Stream<Arguments> noRegistryAnswersLikeThis() {
    return Stream.of(
        Arguments.of(500, "{\"error_code\":50001,\"message\":\"store\"}", "answers 500"),
        Arguments.of(503, "", "answers 503"),
        Arguments.of(429, "", "answers 429"),
        Arguments.of(200, "<html>Welcome</html>", "answers 200 with something that is no JSON"),
        Arguments.of(200, "", "answers 200 with something that is no JSON"),
        Arguments.of(200, "[]", "JSON that is not a schema registry's"),
        Arguments.of(200, "{\"schema\":7}", "JSON that is not a schema registry's"),
        Arguments.of(200, "{\"schema\":\"{\"}", "a schema that Avro cannot parse"),
        Arguments.of(404, "<html>nginx</html>", "has the URL its path?"),
        Arguments.of(404, "{\"error_code\":404,\"message\":\"no path\"}", "has the URL its path?"),
        Arguments.of(200, "[".repeat(5_000), "something that is no JSON"),
        Arguments.of(200, "x".repeat(1 << 21), "answers with more than 1048576 bytes"));
  }

  @ParameterizedTest
  @MethodSource("noRegistryAnswersLikeThis")
  void anAnswerThatIsNoRegistrysIsAWaitThatNamesItsReason(int status, String body, String reason) {
    misbehave(status, body);

    assertThatThrownBy(() -> client().schemaOf(5))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("schema id 5")
        .hasMessageContaining(registry.url())
        .hasMessageContaining(reason);
  }

  @Test
  void anAnswerThatDripsIsCutOffAtItsTime() {
    registry.misbehave(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream body = exchange.getResponseBody();
          do {
            body.write(' ');
            body.flush();
          } while (!testIsOver.await(20, TimeUnit.MILLISECONDS));
        });

    assertThatThrownBy(() -> impatientClient().schemaOf(5))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("has not answered in full within 600 ms");
  }

  @Test
  void silenceIsCutOffAtItsTime() {
    registry.misbehave(exchange -> testIsOver.await());

    assertThatThrownBy(() -> impatientClient().schemaOf(5))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("has not answered in full within 600 ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0\1\2\3",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{",
        "HTTP/1.1 999999999999 Odd\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"
      })
  void bytesThatAreNoHttpAreAWait(String bytes) throws Exception {
    Thread hostile;
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      hostile = new Thread(() -> answerAll(server, bytes));
      hostile.start();
      String url = "http://127.0.0.1:" + server.getLocalPort();

      assertThatThrownBy(() -> client(url, Map.of()).schemaOf(5))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining(url);
    }
    hostile.join();
  }

  @Test
  void aRegistryThatIsSlowIsWaitedForUntilItsTime() {
    registry.misbehave(
        exchange -> {
          assertThat(testIsOver.await(200, TimeUnit.MILLISECONDS)).isFalse();
          StandInRegistry.answer(exchange, 200, "{\"schema\":\"\\\"string\\\"\"}");
        });

    assertThat(client().schemaOf(5).getType()).isEqualTo(Schema.Type.STRING);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowedAndItsTargetIsNamed(int status) {
    try (StandInRegistry thief = StandInRegistry.start()) {
      registry.misbehave(
          exchange -> {
            exchange.getResponseHeaders().add("Location", thief.url() + "/schemas/ids/5");
            StandInRegistry.answer(exchange, status, "");
          });

      assertThatThrownBy(
              () -> client(registry.url().replace("//", "//user:secret@"), Map.of()).schemaOf(5))
          .isInstanceOf(RegistryRefusedException.class)
          .hasMessageContaining(
              "answers " + status + " for schema id 5, a redirect to " + thief.url())
          .hasMessageNotContaining("secret");
      assertThat(thief.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void missingCredentialsAreNamedAsTheSettingsThatGiveThem(int status) {
    misbehave(status, "{\"error_code\":40101,\"message\":\"Unauthorized\"}");

    assertThatThrownBy(() -> client().schemaOf(5))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("answers " + status)
        .hasMessageContaining(
            "it wants credentials; set basic.auth.credentials.source and basic.auth.user.info");
  }

  @Test
  void anErrorOfTheRegistryIsOneLineWhateverItSays() {
    misbehave(
        422, "{\"error_code\":42201,\"message\":\"in\\r\\nvalid\\u0007" + "!".repeat(999) + "\"}");

    assertThatThrownBy(() -> client().register(SUBJECT, SCHEMA))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("42201 in valid !")
        .message()
        .hasSizeLessThan(500)
        .doesNotContain("\r", "\n", "\u0007");
  }

  @Test
  void theNextAddressIsAskedWhereOneIsDownAndKeptAsTheFirst() throws Exception {
    String down = "http://127.0.0.1:" + closedPort();
    int id = registry.add(SUBJECT, SCHEMA.toString());
    try (StandInRegistry broken = StandInRegistry.start()) {
      broken.misbehave(exchange -> StandInRegistry.answer(exchange, 500, ""));
      RegistryClient client =
          client(down + "," + broken.url() + ", " + registry.url() + "/", Map.of());

      client.schemaOf(id);
      client.schemaOf(id);

      assertThat(broken.requests()).hasSize(1);
      assertThat(registry.requests()).hasSize(2);
    }
  }

  @Test
  void everyAddressThatFailedIsNamedWithoutItsCredentials() throws Exception {
    int port = closedPort();
    RegistryClient client =
        client(
            "http://user:secret@127.0.0.1:" + port + "/a,http://127.0.0.1:" + port + "/b",
            Map.of());

    assertThatThrownBy(() -> client.register(SUBJECT, SCHEMA))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessage(
            ("no schema registry answers for registering under subject zones-value:"
                    + " http://127.0.0.1:%1$d/a refuses the connection; http://127.0.0.1:%1$d/b"
                    + " refuses the connection; check schema.registry.url")
                .formatted(port));
  }

  @Test
  void credentialsComeFromWhereTheSourceSays() {
    client(registry.url().replace("//", "//alice:wonder@"), Map.of()).subjects();
    client(
            registry.url(),
            Map.of(
                "basic.auth.credentials.source",
                "USER_INFO",
                "basic.auth.user.info",
                "bob:builder"))
        .subjects();
    client(
            registry.url(),
            Map.of(
                "schema.registry.basic.auth.credentials.source",
                "USER_INFO",
                "schema.registry.basic.auth.user.info",
                "carol:king"))
        .subjects();
    client(
            registry.url(),
            Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken"))
        .subjects();

    assertThat(registry.authorizations())
        .containsExactly(
            "Basic " + base64("alice:wonder"),
            "Basic " + base64("bob:builder"),
            "Basic " + base64("carol:king"),
            "Bearer t0ken");
  }

  @Test
  void secretsMayLieInFilesAsForKafka(@TempDir Path directory) throws IOException {
    Path secrets = directory.resolve("registry.properties");
    Files.writeString(secrets, "user=dora:explorer\n");

    client(
            registry.url(),
            Map.of(
                "config.providers", "file",
                "config.providers.file.class",
                    "org.apache.kafka.common.config.provider.FileConfigProvider",
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "${file:" + secrets + ":user}"))
        .subjects();

    assertThat(registry.authorizations()).containsExactly("Basic " + base64("dora:explorer"));
  }

  private RegistryClient client() {
    return client(registry.url(), Map.of());
  }

  private RegistryClient impatientClient() {
    return client(
        registry.url(), Map.of("http.connect.timeout.ms", "300", "http.read.timeout.ms", "300"));
  }

  private static RegistryClient client(String url, Map<String, String> further) {
    Map<String, Object> configs = new HashMap<>(further);
    configs.put("schema.registry.url", url);
    configs.putIfAbsent("http.read.timeout.ms", "20000");
    return RegistrySettings.from(configs).orElseThrow().client();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void misbehave(int status, String body) {
    registry.misbehave(exchange -> StandInRegistry.answer(exchange, status, body));
  }

  private static void answerAll(ServerSocket server, String bytes) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        // Read before writing, or closing would take back what was written.
        client.getInputStream().read(new byte[4_096]);
        client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException closed) {
        // By the test, or by a client that has heard enough.
      }
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
