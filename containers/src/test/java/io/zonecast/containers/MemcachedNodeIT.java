package io.zonecast.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class MemcachedNodeIT {
  private final MemcachedNode node = Servers.shared().memcached();

  @AfterEach
  void closeNode() {
    node.close();
  }

  @Test
  void storesAndReturns() throws IOException {
    try (TextClient client = new TextClient(node)) {
      assertThat(client.ask("ms zone:a 1\r\n5")).isEqualTo("HD");
      assertThat(client.ask("mg zone:a v")).isEqualTo("VA 1");
    }
  }

  @Test
  void takesOptionsOfItsOwn() throws IOException {
    try (MemcachedNode small = Servers.shared().memcached("-m", "64", "-I", "2m");
        TextClient client = new TextClient(small)) {
      client.send("stats settings");

      assertThat(client.answer()).isEqualTo("STAT maxbytes 67108864");
    }
  }

  /** What the checkpoint protocol tells former writers by. */
  @Test
  void listsItsClientsUnderTheirOwnAddresses() throws IOException {
    try (TextClient client = new TextClient(node.direct())) {
      client.send("stats conns");

      assertThat(client.answersUntil("END"))
          .anyMatch(line -> line.endsWith("addr tcp:" + client.ownAddress()));
    }
  }

  @Test
  void isEmptyAtTheSameAddressAfterARestart() throws IOException {
    String address = node.address();
    try (TextClient client = new TextClient(node)) {
      client.ask("ms zone:a 1\r\n5");
    }

    node.restartEmpty();

    assertThat(node.address()).isEqualTo(address);
    try (TextClient client = new TextClient(node)) {
      assertThat(client.ask("mg zone:a v")).isEqualTo("EN");
    }
  }

  @Test
  void refusesConnectionsWhileKilled() {
    node.kill();

    assertThatThrownBy(() -> new TextClient(node)).isInstanceOf(ConnectException.class);
  }

  @Test
  void keepsItsEntriesWhenConnectionsAreCut() throws IOException {
    try (TextClient client = new TextClient(node)) {
      client.ask("ms zone:a 1\r\n5");

      node.cutConnections();

      assertThatThrownBy(client::answer)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("reset");
    }
    try (TextClient client = new TextClient(node)) {
      assertThat(client.ask("mg zone:a v")).isEqualTo("VA 1");
    }
  }

  @Test
  void answersLateWhenPausedAndResumed() throws IOException {
    try (TextClient client = new TextClient(node)) {
      client.ask("ms zone:a 1\r\n5");

      node.pause();
      client.timeout(300);
      assertThatThrownBy(() -> client.ask("mg zone:a v"))
          .isInstanceOf(SocketTimeoutException.class);
      node.resume();

      client.timeout(10_000);
      assertThat(client.answer()).isEqualTo("VA 1");
    }
  }
}
