package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkProxyTest {
  private ServerSocket echo;
  private LinkProxy link;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Link.daemon("echo", this::acceptAndEcho).start();
    link = LinkProxy.start("127.0.0.1", echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    echo.close();
  }

  @Test
  void forwardsBothWays() throws IOException {
    try (Socket client = connect()) {
      assertThat(roundTrip(client, 42)).isEqualTo(42);
    }
  }

  @Test
  void forwardsTheEndOfAStream() throws IOException {
    try (Socket client = connect()) {
      client.getOutputStream().write(7);
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).containsExactly(7);
      await().untilAsserted(() -> assertThat(link.connections()).isZero());
    }
  }

  @Test
  void addsTheRoundTripAskedFor() throws IOException {
    link.delayRoundTrip(Duration.ofMillis(40));
    try (Socket client = connect()) {
      long start = System.nanoTime();
      roundTrip(client, 1);
      Duration taken = Duration.ofNanos(System.nanoTime() - start);

      assertThat(taken).isBetween(Duration.ofMillis(40), Duration.ofMillis(400));
    }
  }

  @Test
  void delayCostsNoBandwidth() throws IOException {
    link.delayRoundTrip(Duration.ofMillis(100));
    byte[] bytes = new byte[32 << 20];
    try (Socket client = connect()) {
      long start = System.nanoTime();
      Link.daemon("sender", () -> send(client, bytes)).start();
      int received = client.getInputStream().readNBytes(bytes.length).length;
      Duration taken = Duration.ofNanos(System.nanoTime() - start);

      assertThat(received).isEqualTo(bytes.length);
      // One read buffer a round trip would take 12 s.
      assertThat(taken).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void cuttingResetsConnectionsAndTakesNewOnes() throws IOException {
    try (Socket client = connect()) {
      roundTrip(client, 1);

      link.cut();

      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
    try (Socket client = connect()) {
      assertThat(roundTrip(client, 2)).isEqualTo(2);
    }
  }

  @Test
  void hangingUpEndsConnectionsInOrder() throws IOException {
    try (Socket client = connect()) {
      roundTrip(client, 1);

      link.hangUp();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void refusesConnectionsUntilToldOtherwise() throws IOException {
    try (Socket before = connect()) {
      roundTrip(before, 1);

      link.refuseConnections();

      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      assertThat(roundTrip(before, 2)).isEqualTo(2);
    }
    link.acceptConnections();
    try (Socket after = connect()) {
      assertThat(roundTrip(after, 3)).isEqualTo(3);
    }
  }

  @Test
  void blackHoleKeepsConnectionsAndLosesNothing() throws IOException {
    try (Socket client = connect()) {
      roundTrip(client, 1);

      link.blackHole();
      client.setSoTimeout(200);
      assertThatThrownBy(() -> roundTrip(client, 2)).isInstanceOf(SocketTimeoutException.class);
      link.forward();

      client.setSoTimeout(10_000);
      assertThat(client.getInputStream().read()).isEqualTo(2);
    }
  }

  @Test
  void resetsItsClientWhenTheServerIsNotThere() throws IOException {
    // A server that has just been closed may still take a connection.
    link.leadTo("127.0.0.1", Ports.free());

    try (Socket client = connect()) {
      assertThatThrownBy(() -> roundTrip(client, 1)).isInstanceOf(SocketException.class);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(link.host(), link.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static int roundTrip(Socket client, int value) throws IOException {
    client.getOutputStream().write(value);
    return client.getInputStream().read();
  }

  private static void send(Socket client, byte[] bytes) {
    try {
      client.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAndEcho() {
    while (!echo.isClosed()) {
      try {
        Socket accepted = echo.accept();
        Link.daemon("echo", () -> echo(accepted)).start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket;
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException cut) {
      // As some tests intend.
    }
  }
}
