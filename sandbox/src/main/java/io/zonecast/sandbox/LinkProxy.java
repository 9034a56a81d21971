package io.zonecast.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy in front of one server that can fail as a network does: reset or end connections,
 * refuse new ones, swallow everything in silence, or take its time.
 *
 * <p>The delay is one of distance, not of bandwidth: up to {@value Link#MAX_BYTES_UNDER_WAY} bytes
 * are under way in each direction of a connection, so that a client with a large enough window
 * loses nothing to it. Thread-safe.
 */
public final class LinkProxy implements AutoCloseable {
  private volatile InetSocketAddress target;
  private final InetSocketAddress address = new InetSocketAddress(Ports.LOOPBACK, Ports.free());
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private Listener listener;
  private volatile long oneWayNanos;
  private boolean swallowing;

  private LinkProxy(InetSocketAddress target) {
    this.target = target;
    this.listener = listen();
  }

  /** Starts a proxy on a free port of the loopback address, in front of {@code host:port}. */
  public static LinkProxy start(String host, int port) {
    return new LinkProxy(new InetSocketAddress(host, port));
  }

  public String host() {
    return address.getAddress().getHostAddress();
  }

  public int port() {
    return address.getPort();
  }

  /** Host and port, as {@code 127.0.0.1:23456}. */
  public String address() {
    return host() + ":" + port();
  }

  /** How many connections are open. */
  public int connections() {
    return links.size();
  }

  /** Resets every open connection (RST), losing what is under way. New connections are taken. */
  public void cut() {
    links.forEach(Link::reset);
  }

  /** Ends every open connection in order (FIN), losing what is under way. */
  public void hangUp() {
    links.forEach(Link::close);
  }

  /** Refuses new connections; open ones stay. */
  public void refuseConnections() {
    synchronized (lock) {
      listener.close();
    }
  }

  /** Takes connections again, on the same port. */
  public void acceptConnections() {
    synchronized (lock) {
      if (!listener.channel().isOpen()) {
        listener = listen();
      }
    }
  }

  /** Stops forwarding, while connections stay open and new ones are taken. Nothing is lost. */
  public synchronized void blackHole() {
    swallowing = true;
  }

  /** Goes on forwarding after {@link #blackHole}. */
  public synchronized void forward() {
    swallowing = false;
    notifyAll();
  }

  synchronized void awaitForwarding() throws InterruptedException {
    while (swallowing) {
      wait();
    }
  }

  /**
   * Makes every answer take this much longer: half of it on the way there, half on the way back.
   */
  public void delayRoundTrip(Duration roundTrip) {
    oneWayNanos = roundTrip.dividedBy(2).toNanos();
  }

  /** How long a byte takes from one end to the other. */
  long oneWayNanos() {
    return oneWayNanos;
  }

  void closed(Link link) {
    links.remove(link);
  }

  /** Leads to another server from now on, as a changed address does; open connections are reset. */
  public void leadTo(String host, int port) {
    target = new InetSocketAddress(host, port);
    cut();
  }

  @Override
  public void close() {
    refuseConnections();
    forward();
    cut();
  }

  @Override
  public String toString() {
    return "link %s -> %s".formatted(address(), target);
  }

  private Listener listen() {
    try {
      ServerSocketChannel opened = ServerSocketChannel.open();
      opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      opened.setOption(StandardSocketOptions.SO_RCVBUF, Link.SOCKET_BUFFER_BYTES);
      opened.bind(address, 512);
      Thread accepting = Link.daemon("accept " + address(), () -> accept(opened));
      accepting.start();
      return new Listener(opened, accepting);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address(), e);
    }
  }

  private void accept(ServerSocketChannel from) {
    while (from.isOpen()) {
      try {
        SocketChannel client = from.accept();
        // Apart from this thread: a target that does not answer must not keep others waiting.
        Link.daemon("connect " + address(), () -> connect(client)).start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(SocketChannel client) {
    try {
      SocketChannel server = Link.connect(target);
      Link link = new Link(client, server, this);
      links.add(link);
      link.start();
    } catch (IOException refused) {
      Link.reset(client);
    }
  }

  /** A port that is listened on, and the thread that takes the connections. */
  private record Listener(ServerSocketChannel channel, Thread accepting) {
    /** The kernel refuses connections only once nobody waits for one any more. */
    void close() {
      try {
        channel.close();
        accepting.join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
