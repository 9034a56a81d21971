package io.zonecast.sandbox;

/** A memcached node that is reached through a {@link LinkProxy}, so that the way there can fail. */
public interface MemcachedNode extends MemcachedServer {

  /** Resets every open connection; the node keeps its entries, and new connections are taken. */
  default void cutConnections() {
    link().cut();
  }

  /** The node itself, past the link: it lists its clients under their own addresses. */
  MemcachedServer direct();

  /** The way to the node: to refuse, swallow or delay what goes there. */
  LinkProxy link();
}
