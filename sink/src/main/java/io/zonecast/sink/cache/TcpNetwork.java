package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

/** Connects over TCP; resolves the host for each connection. */
final class TcpNetwork extends Network {
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);

  @Override
  Timing timing() {
    return Timing.SYSTEM;
  }

  @Override
  NodeLink connect(
      NodeAddress node,
      ConnectionSettings settings,
      WriteLease lease,
      Consumer<IOException> onClosed)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(node.host(), node.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("no address is known for \"" + node.host() + "\"");
    }
    return NodeClient.start(channel(address, settings), node, settings, lease, onClosed);
  }

  private static SocketChannel channel(InetSocketAddress address, ConnectionSettings settings)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.sendBufferBytes());
      channel.socket().connect(address, (int) settings.connectTimeout().toMillis());
      if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
        // TCP's simultaneous open: no server listens there, and we were given that very port.
        throw new ConnectException("the connection met itself");
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Java writes an IPv6 address in full, memcached as RFC 5952 does. */
  static String asMemcachedShows(InetSocketAddress end) {
    if (end.getAddress() instanceof Inet6Address ip6) {
      return "[" + Rfc5952.format(ip6.getAddress()) + "]:" + end.getPort();
    }
    return end.getAddress().getHostAddress() + ":" + end.getPort();
  }

  @Override
  InputStream ask(NodeAddress node, ConnectionSettings settings, byte[] question)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(node.host(), node.port()),
          (int) settings.connectTimeout().toMillis());
      socket.setSoTimeout((int) SILENCE_LIMIT.toMillis());
      socket.getOutputStream().write(question);
      return new FilterInputStream(socket.getInputStream()) {
        @Override
        public void close() throws IOException {
          socket.close();
        }
      };
    } catch (IOException e) {
      socket.close();
      throw node.failure("cannot connect", e);
    }
  }
}
