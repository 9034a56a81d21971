package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** The way to nodes: TCP, but for a test with nodes of its own. Thread-safe. */
public abstract class Network {
  /** How this way's waits are done. */
  abstract Timing timing();

  /**
   * Connects.
   *
   * @param onClosed told once, when the link has closed and every command knows
   */
  abstract NodeLink connect(
      NodeAddress node,
      ConnectionSettings settings,
      WriteLease lease,
      Consumer<IOException> onClosed)
      throws IOException;

  /** Connects for one question with a long answer; a read throws if it is silent for 10 s. */
  abstract InputStream ask(NodeAddress node, ConnectionSettings settings, byte[] question)
      throws IOException;
}
