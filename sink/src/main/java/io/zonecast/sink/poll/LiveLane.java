package io.zonecast.sink.poll;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.PartitionPosition;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One partition flowing live to one node, down one connection. A lane begins where a fill ended and
 * ends with its connection, with its partition, or when something was refused; it never begins
 * again: its node's keeper makes another.
 *
 * <p>The poll loop advances {@link #sentNextOffset}; the connection's thread, through the poll
 * loop's listener, what is acknowledged; anyone may stop it.
 */
public final class LiveLane {
  private final NodeConnection connection;
  private final int node;
  private final int partition;
  private final UnaryOperator<PartitionPosition> settled;
  private final Consumer<LiveLane> whenRefused;
  private PartitionPosition sent;
  private volatile PartitionPosition applied;
  private volatile boolean stopped;
  private volatile boolean cutOff;

  /**
   * @param node the node's index in the pool
   * @param from where the fill ended
   * @param settled how far a checkpoint may say that the node has got, given what it acknowledged
   * @param whenRefused told once, on any thread, that this lane stopped for a refusal, or because
   *     the log was cut off
   */
  public LiveLane(
      NodeConnection connection,
      int node,
      int partition,
      PartitionPosition from,
      UnaryOperator<PartitionPosition> settled,
      Consumer<LiveLane> whenRefused) {
    this.connection = connection;
    this.node = node;
    this.partition = partition;
    this.applied = from;
    this.settled = settled;
    this.sent = from;
    this.whenRefused = whenRefused;
  }

  public int partition() {
    return partition;
  }

  /** How far the node has got: everything before it is applied, or safely put aside. */
  public PartitionPosition acknowledged() {
    return settled.apply(applied);
  }

  /** What is applied, be it safely put aside or not; a lane that joins is sent what follows. */
  PartitionPosition applied() {
    return applied;
  }

  /** Ends the lane. The poll loop may still be at its present batch; it begins no other. */
  public void stop() {
    stopped = true;
  }

  NodeConnection connection() {
    return connection;
  }

  int node() {
    return node;
  }

  boolean isOpen() {
    return !stopped && connection.isOpen();
  }

  /** The first offset that has not been handed to the connection. The poll loop's alone. */
  long sentNextOffset() {
    return sent.nextOffset();
  }

  /** Whether the leader was elected after what the node was sent; false if an epoch is unknown. */
  boolean wasSentBefore(int leaderEpoch) {
    return sent.leaderEpoch() != PartitionPosition.NO_EPOCH && sent.leaderEpoch() < leaderEpoch;
  }

  void sent(PartitionPosition reached) {
    sent = reached;
  }

  /** All below {@code nextOffset} is applied, unless something before it was refused. */
  void acknowledge(PartitionPosition reached) {
    if (!stopped) {
      applied = reached.notBefore(applied.timeMillis());
    }
  }

  /** Ends the lane, because the log has been cut off below what the node was sent. */
  void cutOff() {
    cutOff = true;
    refused();
  }

  /** Whether what the node holds is of another log by now. */
  public boolean isOfAnotherLog() {
    return cutOff;
  }

  void refused() {
    if (!stopped) {
      stopped = true;
      whenRefused.accept(this);
    }
  }
}
