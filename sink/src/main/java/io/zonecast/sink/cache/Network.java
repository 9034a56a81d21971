package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Connects to nodes: over TCP, or in memory in a simulation. Thread-safe. */
public abstract class Network {
  /** The clock and the waits of this network. */
  abstract Timing timing();

  /**
   * Connects.
   *
   * @param onClosed called once, when the link has closed and every command has ended
   */
  abstract NodeLink connect(
      NodeAddress node,
      ConnectionSettings settings,
      WriteLease lease,
      Consumer<IOException> onClosed)
      throws IOException;

  /** Connects for one question with a long answer; a read throws after 10 s of silence. */
  abstract InputStream ask(NodeAddress node, ConnectionSettings settings, byte[] question)
      throws IOException;
}
