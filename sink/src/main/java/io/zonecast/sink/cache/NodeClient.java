package io.zonecast.sink.cache;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.nio.NioSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedSessionComparator;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.buffer.SimpleBufferAllocator;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.rubyeye.xmemcached.impl.ArrayMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.IndexMemcachedSessionComparator;
import net.rubyeye.xmemcached.impl.MemcachedConnector;
import net.rubyeye.xmemcached.transcoders.SerializingTranscoder;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;

/**
 * An XMemcached client with one reactor thread and one {@link NodeSession}. It never reconnects:
 * the CAS tokens read on a connection are valid only as long as that connection.
 */
@SuppressWarnings("deprecation") // BufferAllocator: does nothing any more, but is in the signatures
final class NodeClient extends XMemcachedClient {

  private NodeClient(NodeAddress node) throws IOException {
    super(
        new ArrayMemcachedSessionLocator(),
        new IndexMemcachedSessionComparator(),
        new SimpleBufferAllocator(),
        configuration(),
        Map.of(),
        new TextCommandFactory(),
        new SerializingTranscoder(),
        Map.of(),
        List.of(),
        Map.of(),
        1,
        DEFAULT_CONNECT_TIMEOUT,
        "zonecast-" + node,
        true,
        false);
    // The heartbeat is a command that our queue knows nothing of.
    setEnableHeartBeat(false);
  }

  /**
   * Makes a client around a connected channel, which it closes if that fails. XMemcached could
   * connect by itself, but leaks the socket of a connect that times out and retries in the
   * background.
   */
  static NodeSession start(
      SocketChannel channel,
      NodeAddress node,
      ConnectionSettings settings,
      WriteLease lease,
      Consumer<IOException> onClosed)
      throws IOException {
    NodeClient client = null;
    try {
      channel.configureBlocking(false);
      client = new NodeClient(node);
      NodeClient started = client;
      return ((NodeConnector) client.connector)
          .adopt(
              channel,
              node,
              settings,
              lease,
              cause -> {
                onClosed.accept(cause);
                started.stop();
              });
    } catch (IOException | RuntimeException e) {
      channel.close();
      if (client != null) {
        client.stop();
      }
      throw e;
    }
  }

  private void stop() {
    try {
      shutdown();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setSelectorPoolSize(1);
    // Reading on the reactor itself: answers are small, and one thread sees writes and reads in
    // their order.
    configuration.setReadThreadCount(0);
    configuration.setWriteThreadCount(0);
    configuration.setDispatchMessageThreadCount(0);
    configuration.setCheckSessionTimeoutInterval(250);
    configuration.setSessionIdleTimeout(250);
    return configuration;
  }

  /** Called by the superclass's constructor: must not touch fields of this class. */
  @Override
  protected MemcachedConnector newConnector(
      BufferAllocator allocator,
      Configuration configuration,
      MemcachedSessionLocator locator,
      MemcachedSessionComparator comparator,
      CommandFactory commands,
      int poolSize,
      int maxQueuedNoReplyOperations) {
    return new NodeConnector(configuration, locator, comparator, allocator, commands);
  }

  private static final class NodeConnector extends MemcachedConnector {
    private final CommandFactory commands;

    NodeConnector(
        Configuration configuration,
        MemcachedSessionLocator locator,
        MemcachedSessionComparator comparator,
        BufferAllocator allocator,
        CommandFactory commands) {
      super(configuration, locator, comparator, allocator, commands, 1, 1);
      this.commands = commands;
      // Before the healing thread starts, which then ends at once.
      setEnableHealSession(false);
    }

    NodeSession adopt(
        SocketChannel channel,
        NodeAddress node,
        ConnectionSettings settings,
        WriteLease lease,
        Consumer<IOException> onClosed)
        throws IOException {
      selectorManager.getReactorByIndex(0).setName("memcached-" + node);
      NodeSession adopted =
          new NodeSession(
              buildSessionConfig(channel, buildQueue()),
              commands,
              node,
              TcpNetwork.asMemcachedShows((InetSocketAddress) channel.getLocalAddress()),
              settings.ackTimeout(),
              lease,
              onClosed);
      adopted.setInetSocketAddressWrapper(
          new InetSocketAddressWrapper(adopted.getRemoteSocketAddress(), 1, 1, null, false));
      selectorManager.registerSession(adopted, EventType.ENABLE_READ);
      adopted.start();
      return adopted;
    }

    @Override
    protected NioSession buildSession(SocketChannel channel) {
      throw new IllegalStateException("a node's one session is adopted, not built");
    }

    /** XMemcached's says {@code quit} and waits for up to five seconds. */
    @Override
    public void quitAllSessions() {}
  }
}
