package io.zonecast.sandbox;

/**
 * A memcached node that is reached through a {@link LinkProxy}, so that the way there can fail; the
 * link fails as the node itself does.
 */
public final class MemcachedNode implements MemcachedServer {
  private final MemcachedServer node;
  private final LinkProxy link;

  MemcachedNode(MemcachedServer node) {
    this.node = node;
    this.link = LinkProxy.start(node.host(), node.port());
  }

  @Override
  public String host() {
    return link.host();
  }

  @Override
  public int port() {
    return link.port();
  }

  @Override
  public void kill() {
    // A proxy that still listened would turn "connection refused" into a connection that closes.
    link.refuseConnections();
    node.kill();
    link.cut();
  }

  @Override
  public void pause() {
    node.pause();
  }

  @Override
  public void resume() {
    node.resume();
  }

  @Override
  public void restartEmpty() {
    kill();
    node.restartEmpty();
    link.acceptConnections();
  }

  @Override
  public void restartWarm(Runnable whileDown) {
    link.refuseConnections();
    link.cut();
    node.restartWarm(whileDown);
    link.acceptConnections();
  }

  /** Resets every open connection; the node keeps its entries, and new connections are taken. */
  public void cutConnections() {
    link.cut();
  }

  /** The node itself, past the link: it lists its clients under their own addresses. */
  public MemcachedServer direct() {
    return node;
  }

  /** The way to the node: to refuse, swallow or delay what goes there. */
  public LinkProxy link() {
    return link;
  }

  @Override
  public void close() {
    link.close();
    node.close();
  }

  @Override
  public String toString() {
    return "memcached " + address();
  }
}
