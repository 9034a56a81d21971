package io.zonecast.sink.poll;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.PartitionPosition;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Tracks the live records of one partition to one node, down one connection. A lane begins where a
 * fill ended and ends with its connection, with its partition, or at a refusal; then the node's
 * keeper makes another.
 *
 * <p>The polling thread advances {@link #sentNextOffset}, the connection's thread what is
 * acknowledged. Any thread may stop the lane.
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
   * @param settled turns what the node acknowledged into the position that a checkpoint may have
   * @param whenRefused called once, on any thread, if this lane stops at a refusal or because the
   *     log was cut off
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

  /** How far the node has got: every record before is applied, or its dead letter is written. */
  public PartitionPosition acknowledged() {
    return settled.apply(applied);
  }

  /** As {@link #acknowledged}, without waiting for dead letters; a lane joins from here. */
  PartitionPosition applied() {
    return applied;
  }

  /** Ends the lane. The polling thread may finish its present batch and begins no other. */
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

  /** The first offset that was not handed to the connection. For the polling thread. */
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

  /** Every record before is applied, unless the lane was stopped at a refusal. */
  void acknowledge(PartitionPosition reached) {
    if (!stopped) {
      applied = reached.notBefore(applied.timeMillis());
    }
  }

  /** Ends the lane because the log was cut off below the records that the node was sent. */
  void cutOff() {
    cutOff = true;
    refused();
  }

  /** Whether the node holds records of an earlier log. */
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
