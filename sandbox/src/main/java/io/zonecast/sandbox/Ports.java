package io.zonecast.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on the loopback address; a free one is given out once in this JVM. */
public final class Ports {
  public static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /*
   * Below what Linux, macOS and Windows give to outgoing connections. A port that the kernel picks
   * (port 0) can be taken by any client's connection while its server restarts; one of these can't.
   */
  private static final int FIRST = 20_000;
  private static final int LAST = 32_767;
  private static final int TRIES = 1_000;
  private static final int CONNECT_MILLIS = 1_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port that nobody listens on, and that no outgoing connection is given. */
  public static int free() {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new SandboxException(
        "no free port between %d and %d on %s after %d tries; end servers that are no longer needed"
            .formatted(FIRST, LAST, LOOPBACK.getHostAddress(), TRIES));
  }

  /** Whether somebody listens on a port of the loopback address. */
  public static boolean takesConnections(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, port), CONNECT_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(LOOPBACK, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
