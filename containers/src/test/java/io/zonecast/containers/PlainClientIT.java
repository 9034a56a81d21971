package io.zonecast.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class PlainClientIT {
  private MemcachedServer node;
  private PlainClient client;

  @BeforeEach
  void connect() throws IOException {
    node = Servers.shared().direct();
    client = PlainClient.open(node, Duration.ofSeconds(5));
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    node.close();
  }

  @Test
  void whatIsSetIsThereUntilItIsDeleted() throws IOException {
    client.set("a", "5");
    client.set("b", "17");

    assertThat(client.get(List.of("a", "x", "b"))).isEqualTo(Map.of("a", "5", "b", "17"));
    assertThat(client.delete("a")).isTrue();
    assertThat(client.delete("a")).isFalse();
    assertThat(client.get(List.of("a", "b"))).isEqualTo(Map.of("b", "17"));
  }

  @Test
  void aFlushedNodeHasNothing() throws IOException {
    client.set("a", "5");

    client.flushAll();

    assertThat(client.get(List.of("a"))).isEmpty();
  }
}
