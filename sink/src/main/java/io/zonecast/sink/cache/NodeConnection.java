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
 * One TCP connection to one memcached node, through XMemcached. All commands go over it first in,
 * first out, so that what is sent later is applied later.
 *
 * <p>A connection that breaks stays broken, since CAS tokens die with it: its owner opens another.
 * It breaks at the end of the stream, at a failure, at any answer that does not fit, at an expired
 * {@link WriteLease}, and when the node leaves commands in flight unanswered for longer than {@link
 * ConnectionSettings#ackTimeout}. From the moment it is known to be broken nothing more leaves this
 * process on it; what the kernel already had may still arrive.
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

  /** As the other {@code open}, with a lease that never ends. */
  public static NodeConnection open(NodeAddress address, ConnectionSettings settings)
      throws IOException {
    return open(address, settings, WriteLease.UNLIMITED, BatchTimes.IGNORED);
  }

  /**
   * Connects, within {@link ConnectionSettings#connectTimeout}; the host is resolved again each
   * time.
   *
   * @param times hears how long each batch took
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
   * This end as the node's {@code stats conns} shows it, {@code ip:port} or {@code [ip6]:port},
   * unless something between translates addresses.
   */
  public String localAddress() {
    return link.localAddress();
  }

  public boolean isOpen() {
    return !link.isClosed();
  }

  /**
   * Runs {@code action} once the connection has closed, for whatever reason, and every listener has
   * been told; at once if that has been. On the closing thread: it must not block.
   */
  public void onClosed(Runnable action) {
    closed.thenRun(action).isDone();
  }

  /** Closes now; what is in flight is told {@link SetManyResult.Broken}. */
  @Override
  public void close() {
    link.close(new IOException("the connection to memcached %s was closed".formatted(address)));
  }

  /**
   * Closes the connection if the node has answered nothing for longer than the ack timeout while
   * something was in flight. The connection looks by itself, about once a second; who needs to know
   * sooner asks.
   *
   * @return whether it was closed by this call
   */
  public boolean closeIfStuck() {
    return link.closeIfSilent();
  }

  /**
   * Sends the batch and returns. On the wire: one quiet {@code ms} or {@code md} an entry, then
   * {@code mn}, in one piece. Never blocks; who sends more than {@link #awaitRoom} says fills the
   * heap.
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
   * As {@link #send}, for what is nobody's row: no time is taken of it, and it counts for nothing.
   *
   * @throws IllegalStateException if the batch is in flight already
   */
  public void sendAside(EntryBatch batch, SetManyListener listener) {
    batch.takeOff();
    link.submit(new QuietBatch(batch, listener));
  }

  /**
   * Sends the batch so that each entry is answered, and waits. For finding out whom to blame: it
   * sends every entry again, so that it is right only where that is safe.
   *
   * @return the entries that were refused, none if all were applied
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

  /** How many entries have been taken and not yet answered; 0 means that all listeners know. */
  public int inFlightEntries() {
    return link.inFlight().entries();
  }

  /** How many bytes of requests have been taken and not yet answered. */
  public long inFlightBytes() {
    return link.inFlight().bytes();
  }

  /** How long the oldest command has been in flight, in nanoseconds; 0 if none is. */
  public long oldestInFlightNanos() {
    return link.inFlight().oldestNanos();
  }

  /**
   * Waits until at most {@code maxEntries} entries are in flight; 0 waits for all. A broken
   * connection has none.
   *
   * @return false if there are still more after {@code timeout}
   */
  public boolean awaitRoom(int maxEntries, Duration timeout) throws InterruptedException {
    return link.awaitAtMost(maxEntries, timeout);
  }

  /**
   * Reads entries with their CAS, in one round trip: {@code mg <key> v c} each.
   *
   * @return one for each key, in the order of asking
   * @throws CasDisabledException if the node keeps no CAS
   */
  public List<VersionedEntry> readEntries(List<String> keys) throws IOException {
    return await(new ReadEntries(address, keys), settings.ackTimeout());
  }

  /** As {@link #readEntries}: those that are there, by their keys, in the order of asking. */
  public Map<String, VersionedEntry.Present> readPresent(List<String> keys) throws IOException {
    Map<String, VersionedEntry.Present> there = new LinkedHashMap<>();
    for (VersionedEntry entry : readEntries(keys)) {
      if (entry instanceof VersionedEntry.Present present) {
        there.put(present.key(), present);
      }
    }
    return there;
  }

  /**
   * Stores the entry, without expiry, if there is none: {@code ms <key> <length> ME c}.
   *
   * @throws ServerRefusedException if the node had an error of its own
   */
  public CasResult add(String key, byte[] value) throws IOException {
    return await(CasCommand.add(address, key, value), settings.ackTimeout());
  }

  /** As {@link #add}, without waiting; fails with an {@link IOException}. */
  public CompletableFuture<CasResult> addAsync(String key, byte[] value) {
    return submit(CasCommand.add(address, key, value));
  }

  /**
   * Stores the entry if the one there has this CAS: {@code ms <key> <length> C<cas> c}.
   *
   * @throws ServerRefusedException if the node had an error of its own; the old entry is gone then
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
   * @param argument as {@code settings} or {@code slabs}; empty for the general ones
   */
  public Map<String, String> stats(String argument) throws IOException {
    return await(new StatsCommand(address, argument), settings.ackTimeout());
  }

  /**
   * The other ends of the node's TCP connections, as {@link #localAddress} writes them ({@code
   * stats conns}).
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
   * Reads many entries in one round trip, and shows those that are there to {@code visitor}, on the
   * connection's thread. Several may be in flight.
   *
   * @return the number of hits, once all are in; fails with an {@link IOException}
   */
  public CompletableFuture<Integer> getMany(MultiGetKeys keys, MultiGetKeys.Visitor visitor) {
    return submit(new MultiGet(keys, visitor));
  }

  /** Empties the node, other people's entries too: {@code flush_all}. */
  public void flushAll() throws IOException {
    await(new FlushAll(address), settings.ackTimeout());
  }

  private <T> CompletableFuture<T> submit(AwaitedCommand<T> request) {
    link.submit(request);
    return request.answer();
  }

  /** Waits for the answer; one that does not come in time leaves the connection broken. */
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
