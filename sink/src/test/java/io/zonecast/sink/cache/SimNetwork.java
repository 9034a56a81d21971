package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.zonecast.sink.timing.Scheduler;
import io.zonecast.sink.timing.SimProcess;
import io.zonecast.sink.timing.Timing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** The way of one simulated process to simulated nodes. */
public final class SimNetwork extends Network {
  private static final Duration SHORTEST = Duration.ofNanos(50_000);
  private static final Duration LONGEST = Duration.ofMillis(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SimProcess process;
  private final String host;
  private final IntSupplier ports;
  private final Map<NodeAddress, SimNode> nodes;
  private final List<SimLink> links = new ArrayList<>();

  /**
   * @param host this process's, as the nodes see it
   * @param ports gives each connection another
   */
  public SimNetwork(
      SimProcess process, String host, IntSupplier ports, Map<NodeAddress, SimNode> nodes) {
    this.process = process;
    this.host = host;
    this.ports = ports;
    this.nodes = nodes;
  }

  @Override
  Timing timing() {
    return process;
  }

  @Override
  NodeLink connect(
      NodeAddress address,
      ConnectionSettings settings,
      WriteLease lease,
      Consumer<IOException> onClosed)
      throws IOException {
    await(Duration.ofNanos(delayNanos()));
    SimNode node = node(address);
    var session = node.server().connect(host + ":" + ports.getAsInt());
    var link = new SimLink(process, node, session, settings.ackTimeout(), lease, onClosed);
    links.removeIf(SimLink::isClosed);
    links.add(link);
    return link;
  }

  private SimNode node(NodeAddress address) throws ConnectException {
    SimNode node = nodes.get(address);
    if (node == null) {
      throw new ConnectException("nobody listens at " + address);
    }
    return node;
  }

  @Override
  InputStream ask(NodeAddress address, ConnectionSettings settings, byte[] question)
      throws IOException {
    SimNode node = node(address);
    Scheduler scheduler = process.scheduler();
    await(Duration.ofNanos(delayNanos()));
    Duration stopped = Duration.ofNanos(node.stoppedUntilNanos() - scheduler.nowNanos());
    if (stopped.compareTo(PATIENCE) > 0) {
      await(PATIENCE);
      throw node.address().failure("the listing broke off", new SocketTimeoutException("silent"));
    }
    if (!stopped.isNegative()) {
      await(stopped);
    }
    var session = node.server().connect(host + ":" + ports.getAsInt());
    session.receive(question, question.length);
    String answer = String.valueOf(session.applyNext());
    session.close();
    return new ByteArrayInputStream(answer.getBytes(ISO_8859_1));
  }

  private void await(Duration time) throws InterruptedIOException {
    try {
      process.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting");
    }
  }

  private long delayNanos() {
    return process.scheduler().between(SHORTEST, LONGEST);
  }

  /** The links that are open now. */
  public List<SimLink> links() {
    links.removeIf(SimLink::isClosed);
    return List.copyOf(links);
  }

  /** The process is gone: its kernel closes every connection. */
  public void die() {
    links().forEach(SimLink::abandon);
  }
}
