package io.zonecast.sink.node;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.fill.MemoryCheck;
import io.zonecast.sink.fill.NodeFill;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One partition on one node, for the life of one connection: its {@link Phase}, the transitions
 * from one to the next, and why it started again last. For the keeper's thread.
 */
final class PartitionLane {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LAST_WAIT = Duration.ofSeconds(5);

  private final int partition;
  private final Timing timing;
  private Phase phase;
  private Stall stall = Stall.NONE;

  /**
   * Why a lane started again, remembered until it is live.
   *
   * @param reason "" where it does not wait for help
   * @param at the record that keeps it from being filled, if it waits at one
   * @param waits how often it has waited at a record
   * @param entriesSent what a fill sent before it had to wait
   */
  private record Stall(String reason, @Nullable WaitNote at, int waits, long entriesSent) {
    static final Stall NONE = new Stall("", null, 0, 0);
  }

  PartitionLane(int partition, Timing timing) {
    this.partition = partition;
    this.timing = timing;
    this.phase = new Phase.Unclaimed(timing.nanoTime());
  }

  int partition() {
    return partition;
  }

  Phase phase() {
    return phase;
  }

  boolean isDueForClaim() {
    return phase instanceof Phase.Unclaimed unclaimed
        && timing.nanoTime() - unclaimed.dueNanos() >= 0;
  }

  boolean isLive() {
    return phase instanceof Phase.Live;
  }

  /** Whether a node's answer to the lane's own batches or checkpoint is waited for. */
  boolean awaitsAnswers() {
    return phase instanceof Phase.Finishing
        || (phase instanceof Phase.Filling filling && filling.fill().sender() != null);
  }

  Optional<Claim> claim() {
    return phase instanceof Phase.Claimed claimed ? Optional.of(claimed.claim()) : Optional.empty();
  }

  boolean isHeld() {
    return phase instanceof Phase.Claimed;
  }

  Claim held() {
    return claim()
        .orElseThrow(() -> new IllegalStateException("partition " + partition + " is not claimed"));
  }

  /** Why the lane waits for help, or ""; forgotten once it is live. */
  String stalledFor() {
    return stall.reason;
  }

  /** The record that keeps the lane from being filled, if it waits at one. */
  @Nullable WaitNote waitsAt() {
    return stall.at;
  }

  /** What was sent before the lane had to wait, which belongs to the same fill. */
  long entriesSentBefore() {
    return stall.entriesSent;
  }

  /** Goes back to the first step, for the same reason as before, and gives up work under way. */
  void startAgain(Retry when) {
    startAgain(when.delay(), stall);
  }

  /** Back to the first step, since the lane waits for help; with "", since it has to look again. */
  void startAgain(Retry when, String reason) {
    WaitNote at = reason.equals(stall.reason) ? stall.at : null;
    startAgain(when.delay(), new Stall(reason, at, stall.waits, stall.entriesSent));
  }

  /** Back to the first step, later and later, until a record can be read. */
  void waitAt(WaitNote note) {
    Duration delay = FIRST_WAIT.multipliedBy(1L << Math.min(stall.waits, 3));
    long sent =
        phase instanceof Phase.Filling filling
            ? filling.fill().entriesSent()
            : phase instanceof Phase.Finishing finishing
                ? finishing.fill().entriesSent()
                : stall.entriesSent;
    startAgain(
        delay.compareTo(LAST_WAIT) < 0 ? delay : LAST_WAIT,
        new Stall(note.of(partition), note, stall.waits + 1, sent));
  }

  private void startAgain(Duration delay, Stall why) {
    phase.close();
    stall = why;
    phase = new Phase.Unclaimed(timing.nanoTime() + delay.toNanos());
  }

  /** Gives up work under way; the connection or the partition is another's. */
  void abandon() {
    phase.close();
  }

  /** Claimed and proved: from now on former writers are waited for. */
  void claimed(Claim claim, Optional<Checkpoint> found, Duration settleTime) {
    require(phase instanceof Phase.Unclaimed);
    long until = timing.nanoTime() + settleTime.toNanos();
    phase = new Phase.Settling(claim, found, until, false);
  }

  /** The node has taken another checkpoint of ours. */
  void hold(Checkpoint checkpoint, long cas) {
    change(claim -> claim.holding(checkpoint, cas));
  }

  /** Of the suspects these are still connected. */
  void remaining(List<Suspect> stillThere) {
    change(claim -> claim.withRemaining(stillThere));
  }

  private void change(Function<Claim, Claim> change) {
    if (phase instanceof Phase.Claimed claimed) {
      phase = claimed.with(change.apply(claimed.claim()));
    }
  }

  /** Before it is filled, what it needs is counted. */
  void weigh(MemoryCheck count, boolean isCounted) {
    phase = new Phase.Weighing(in(Phase.Settling.class), count, isCounted);
  }

  /** What it needs is known. */
  void counted() {
    Phase.Weighing weighing = in(Phase.Weighing.class);
    phase = new Phase.Weighing(weighing.settling(), weighing.count(), true);
  }

  /** The node has room: the fill may begin. */
  void hasRoom() {
    Phase.Settling before = in(Phase.Weighing.class).settling();
    phase = new Phase.Settling(before.claim(), before.found(), before.untilNanos(), true);
    stall = new Stall("", stall.at, stall.waits, stall.entriesSent);
  }

  /** The replay is about to be asked. */
  void fill(NodeFill fill) {
    require(phase instanceof Phase.Settling || phase instanceof Phase.Joining);
    phase.close();
    phase = new Phase.Filling(held(), fill);
  }

  boolean isFilledBy(NodeFill fill) {
    return phase instanceof Phase.Filling filling && filling.fill() == fill;
  }

  /** Everything is on the node; its checkpoint is about to say so. */
  void finish(
      PartitionPosition end, LaneCheckpoints.Replacing checkpoint, @Nullable WaitNote waitsAt) {
    Phase.Filling filling = in(Phase.Filling.class);
    phase = new Phase.Finishing(filling.claim(), filling.fill(), end, checkpoint, waitsAt);
  }

  /** The fill has cleared what it could, and the poll loop has been asked. */
  void join(NodeFill fill, LiveLane live) {
    require(phase instanceof Phase.Filling || phase instanceof Phase.Finishing);
    phase = new Phase.Joining(held().cleared(), fill, live);
  }

  /** Whether that is the way by which the lane's records come, or are about to. */
  boolean flowsBy(LiveLane live) {
    return (phase instanceof Phase.Joining joining && joining.live() == live)
        || (phase instanceof Phase.Live its && its.live() == live);
  }

  void live() {
    Phase.Joining joining = in(Phase.Joining.class);
    phase = new Phase.Live(joining.claim(), joining.fill(), joining.live());
    stall = Stall.NONE;
  }

  private <T extends Phase> T in(Class<T> expected) {
    require(expected.isInstance(phase));
    return expected.cast(phase);
  }

  private void require(boolean follows) {
    if (!follows) {
      throw new IllegalStateException("partition " + partition + " is " + phase);
    }
  }

  /** From 0, not begun, to 1, live. */
  double fraction() {
    if (phase instanceof Phase.Filling filling) {
      return filling.fill().fraction();
    }
    boolean filled =
        phase instanceof Phase.Finishing
            || phase instanceof Phase.Joining
            || phase instanceof Phase.Live;
    return filled ? 1 : 0;
  }

  @Override
  public String toString() {
    return Integer.toString(partition);
  }
}
