package io.zonecast.sandbox;

/** A memcached node behind a {@link LinkProxy}, which fails as the node itself would. */
final class LinkedMemcached implements MemcachedNode {
  private final MemcachedServer node;
  private final LinkProxy link;

  LinkedMemcached(MemcachedServer node) {
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

  @Override
  public MemcachedServer direct() {
    return node;
  }

  @Override
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
