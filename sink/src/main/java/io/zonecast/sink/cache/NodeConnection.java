package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Sends commands to one memcached node over one TCP connection, through XMemcached. Commands are
 * applied in the order in which they are sent.
 *
 * <p>A connection that breaks stays broken, since CAS tokens die with it: its owner opens another.
 * It breaks at the end of the stream, at a failure, at an answer that does not fit, at an expired
 * {@link WriteLease}, and when the node answers nothing for longer than {@link
 * ConnectionSettings#ackTimeout} with commands in flight. Once broken, it writes nothing more;
 * bytes that the kernel already had may still arrive.
 *
 * <p>Thread-safe. Blocking calls must not be made from a {@link SetManyListener}.
 */
public final class NodeConnection implements AutoCloseable {
  private final NodeAddress address;
  private final NodeLink link;
  private final ConnectionSettings settings;
  private final Timing timing;
  private final BatchTimes times;
  private final CompletableFuture<IOException> closed;

  private NodeConnection(
      NodeAddress address,
      NodeLink link,
      ConnectionSettings settings,
      BatchTimes times,
      CompletableFuture<IOException> closed) {
    this.address = address;
    this.link = link;
    this.settings = settings;
    this.timing = settings.network().timing();
    this.times = times;
    this.closed = closed;
  }

  /** Opens a connection with a lease that never ends. */
  public static NodeConnection open(NodeAddress address, ConnectionSettings settings)
      throws IOException {
    return open(address, settings, WriteLease.UNLIMITED, BatchTimes.IGNORED);
  }

  /**
   * Connects, within {@link ConnectionSettings#connectTimeout}. Resolves the host each time.
   *
   * @throws IOException if the node cannot be reached; the message names it
   */
  public static NodeConnection open(
      NodeAddress address, ConnectionSettings settings, WriteLease lease, BatchTimes times)
      throws IOException {
    CompletableFuture<IOException> closed = new CompletableFuture<>();
    try {
      NodeLink link = settings.network().connect(address, settings, lease, closed::complete);
      return new NodeConnection(address, link, settings, times, closed);
    } catch (IOException e) {
      throw address.failure("cannot connect", e);
    }
  }

  public NodeAddress address() {
    return address;
  }

  /**
   * Our address as the node's {@code stats conns} shows it, {@code ip:port} or {@code [ip6]:port};
   * another one if there is NAT on the way.
   */
  public String localAddress() {
    return link.localAddress();
  }

  public boolean isOpen() {
    return !link.isClosed();
  }

  /**
   * Runs {@code action} once the connection has closed and every listener has been called; at once
   * if that is so already. Runs on the closing thread: it must not block.
   */
  public void onClosed(Runnable action) {
    closed.thenRun(action).isDone();
  }

  /** Closes now; batches in flight end with {@link SetManyResult.Broken}. */
  @Override
  public void close() {
    link.close(new IOException("the connection to memcached %s was closed".formatted(address)));
  }

  /**
   * Closes the connection if the node has answered nothing for longer than the ack timeout while
   * commands were in flight. The connection checks this by itself about once a second.
   *
   * @return whether this call closed it
   */
  public boolean closeIfStuck() {
    return link.closeIfSilent();
  }

  /**
   * Sends the batch and returns. On the wire: one quiet {@code ms} or {@code md} an entry, then
   * {@code mn}, in one piece. Never blocks: call {@link #awaitRoom} before, or the heap fills.
   *
   * @throws IllegalStateException if the batch is in flight already
   */
  public void send(EntryBatch batch, SetManyListener listener) {
    batch.takeOff();
    long startNanos = timing.nanoTime();
    link.submit(
        new QuietBatch(
            batch,
            (same, result) -> {
              times.took(result, same.count(), timing.nanoTime() - startNanos);
              listener.onResult(same, result);
            }));
  }

  /**
   * As {@link #send}, for entries that are not rows: {@link BatchTimes} does not hear of them.
   *
   * @throws IllegalStateException if the batch is in flight already
   */
  public void sendAside(EntryBatch batch, SetManyListener listener) {
    batch.takeOff();
    link.submit(new QuietBatch(batch, listener));
  }

  /**
   * Sends the batch so that each entry is answered, and waits. Tells which entries a node refuses;
   * use it only where it is safe to send an entry again.
   *
   * @return the refused entries; empty if all were applied
   * @throws IOException if the connection is broken, or breaks
   */
  public List<EntryFailure> sendLoud(EntryBatch batch, Duration timeout) throws IOException {
    batch.takeOff();
    try {
      return await(new LoudBatch(batch), timeout);
    } finally {
      batch.comeHome();
    }
  }

  /**
   * Waits until at most {@code maxEntries} entries are in flight; at 0 every listener has been
   * called. A broken connection has none in flight.
   *
   * @return false if more are in flight after {@code timeout}
   */
  public boolean awaitRoom(int maxEntries, Duration timeout) throws InterruptedException {
    return link.awaitAtMost(maxEntries, timeout);
  }

  /**
   * Reads entries with their CAS, in one round trip: {@code mg <key> v c} each.
   *
   * @return one for each key, in the order of {@code keys}
   * @throws CasDisabledException if the node keeps no CAS
   */
  public List<VersionedEntry> readEntries(List<String> keys) throws IOException {
    return await(new ReadEntries(address, keys), settings.ackTimeout());
  }

  /** As {@link #readEntries}: those that exist, by key, in the order of {@code keys}. */
  public Map<String, VersionedEntry.Present> readPresent(List<String> keys) throws IOException {
    Map<String, VersionedEntry.Present> present = new LinkedHashMap<>();
    for (VersionedEntry entry : readEntries(keys)) {
      if (entry instanceof VersionedEntry.Present its) {
        present.put(its.key(), its);
      }
    }
    return present;
  }

  /**
   * Stores the entry, without expiry, if there is none: {@code ms <key> <length> ME c}.
   *
   * @throws ServerRefusedException if the node answered with an error
   */
  public CasResult add(String key, byte[] value) throws IOException {
    return await(CasCommand.add(address, key, value), settings.ackTimeout());
  }

  /** As {@link #add}, without waiting; fails with an {@link IOException}. */
  public CompletableFuture<CasResult> addAsync(String key, byte[] value) {
    return submit(CasCommand.add(address, key, value));
  }

  /**
   * Replaces the entry if it has this CAS: {@code ms <key> <length> C<cas> c}.
   *
   * @throws ServerRefusedException if the node answered with an error; the old entry is gone then
   */
  public CasResult replace(String key, long cas, byte[] value) throws IOException {
    return await(CasCommand.replace(address, key, cas, value), settings.ackTimeout());
  }

  /** As {@link #replace}, without waiting; fails with an {@link IOException}. */
  public CompletableFuture<CasResult> replaceAsync(String key, long cas, byte[] value) {
    return submit(CasCommand.replace(address, key, cas, value));
  }

  /** Deletes the entry if it has this CAS: {@code md <key> C<cas>}. */
  public CasResult delete(String key, long cas) throws IOException {
    return await(CasCommand.delete(address, key, cas), settings.ackTimeout());
  }

  /**
   * Reads the node's statistics.
   *
   * @param argument such as {@code settings}; empty for the general ones
   */
  public Map<String, String> stats(String argument) throws IOException {
    return await(new StatsCommand(address, argument), settings.ackTimeout());
  }

  /**
   * Reads the addresses of the node's TCP clients ({@code stats conns}), each written as {@link
   * #localAddress} writes ours.
   */
  public Set<String> peers() throws IOException {
    Set<String> peers = new HashSet<>();
    stats("conns")
        .forEach(
            (name, value) -> {
              // "26:addr" is "tcp:127.0.0.1:54321" or "tcp6:[::1]:54321"; listening ones have
              // "26:listen_addr".
              if (name.endsWith(":addr") && value.startsWith("tcp")) {
                peers.add(value.substring(value.indexOf(':') + 1));
              }
            });
    return Set.copyOf(peers);
  }

  /**
   * Reads many entries in one round trip and shows those that exist to {@code visitor}, on the
   * connection's thread. Several calls may be in flight.
   *
   * @return the number of hits, once all are read; fails with an {@link IOException}
   */
  public CompletableFuture<Integer> getMany(MultiGetKeys keys, MultiGetKeys.Visitor visitor) {
    return submit(new MultiGet(keys, visitor));
  }

  /** Empties the node of all entries, not only ours: {@code flush_all}. */
  public void flushAll() throws IOException {
    await(new FlushAll(address), settings.ackTimeout());
  }

  private <T> CompletableFuture<T> submit(AwaitedCommand<T> request) {
    link.submit(request);
    return request.answer();
  }

  /** Waits for the answer; if it does not come in time, the connection is broken. */
  private <T> T await(AwaitedCommand<T> request, Duration timeout) throws IOException {
    try {
      return timing.get(submit(request), timeout);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ServerRefusedException || cause instanceof CasDisabledException) {
        throw (IOException) cause;
      }
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage(), cause);
    } catch (TimeoutException e) {
      SocketTimeoutException timedOut =
          new SocketTimeoutException(
              "memcached %s did not answer %s within %d ms"
                  .formatted(address, request, timeout.toMillis()));
      link.close(timedOut);
      throw timedOut;
    } catch (InterruptedException e) {
      // Whether the command is applied cannot be known any more.
      InterruptedIOException interrupted =
          new InterruptedIOException(
              "interrupted while waiting for memcached %s".formatted(address));
      link.close(interrupted);
      Thread.currentThread().interrupt();
      throw interrupted;
    }
  }

  @Override
  public String toString() {
    return "%s (from %s, %s)".formatted(address, localAddress(), isOpen() ? "open" : "closed");
  }
}
