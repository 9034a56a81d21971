package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.app.terminal.ExitCode;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code --http} of the sink; {@link CommandsBesideASinkIT} has it in use. */
class HttpIT {
  private static final Pattern LOGGED = Pattern.compile(" http=(127\\.0\\.0\\.1:[0-9]+) ");

  @Test
  void aPortInUseEndsTheSinkAndNamesTheOption() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        MemcachedNode node = Servers.shared().memcached()) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      RunHere sink = RunHere.toTheEnd(environment(node), "sink", "--http", address);

      assertThat(sink.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(sink.err().lines())
          .contains(
              "zonecast: --http "
                  + address
                  + ": cannot listen there: Address already in use; give another port, 0 for any"
                  + " that is free, or none");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080", "localhost", "localhost:http"})
  void whatIsNoAddressIsRefused(String given) throws Exception {
    RunHere sink = RunHere.toTheEnd(Map.of(), "sink", "--http", given);

    assertThat(sink.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(sink.err())
        .contains(
            "--http \"" + given + "\" is not HOST:PORT; give one, as 127.0.0.1:8080, or none");
  }

  /** Where a sink says that it listens. */
  static String address(RunningCommand sink) {
    await().atMost(Duration.ofSeconds(60)).until(() -> LOGGED.matcher(sink.err()).find());
    Matcher logged = LOGGED.matcher(sink.err());
    assertThat(logged.find()).isTrue();
    return logged.group(1);
  }

  static HttpResponse<String> get(String address, String path)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static Map<String, String> environment(MemcachedNode node) {
    String name = "zones-" + UUID.randomUUID();
    Map<String, String> environment = new HashMap<>();
    environment.put("ZONECAST_BOOTSTRAP_SERVERS", Servers.shared().broker().bootstrapServers());
    environment.put("ZONECAST_MEMCACHED", node.address());
    environment.put("ZONECAST_TOPIC", name);
    environment.put("ZONECAST_GROUP", name);
    return environment;
  }
}
