package io.zonecast.sink.node;

import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Progress;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.replay.FillTarget;
import io.zonecast.sink.replay.FoldPart;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One partition on one node, for the life of one connection: from unclaimed, through being filled,
 * to live. Belongs to the keeper's thread, but for the {@link FillTarget} that it hands out.
 */
final class PartitionLane {
  private static final long FIRST_WAIT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LAST_WAIT_NANOS = Duration.ofSeconds(5).toNanos();

  private final int partition;
  private final int node;

  private Phase phase = Phase.UNCLAIMED;
  private final Timing timing;
  private long dueNanos;
  private String stalledFor = "";
  private @Nullable WaitNote waitsAt;
  private int waits;
  private @Nullable Held held;
  private long fromOffset;
  private Progress followed = Progress.NONE;
  private Optional<Checkpoint> found = Optional.empty();
  private List<String> formerWriters = List.of();
  private List<Suspect> suspects = List.of();
  private List<Suspect> remaining = List.of();
  private @Nullable ShareCount count;
  private boolean weighed;
  private boolean allowed;
  private @Nullable MemoryNeed need;
  private boolean sweeps;
  private boolean guarded;
  private long startedNanos;
  private long entriesSent;
  private @Nullable Asked asked;
  private final Deque<PartSender> senders = new ArrayDeque<>();
  private boolean prepared;
  private double sentShare;
  private Progress filledTo = Progress.NONE;
  private CheckpointStore.@Nullable Replacing finish;
  private @Nullable WaitNote finishedAt;
  private @Nullable LiveLane live;

  /** Where a lane stands. */
  enum Phase {
    /** To be claimed at the time due: new, or something was not as expected. */
    UNCLAIMED,
    /** Claimed and proved; former writers may still have bytes under way. */
    SETTLING,
    /** What the node would have to hold is being counted, before anything is written. */
    WEIGHING,
    /** The replay has been asked for what the node lacks. */
    FILLING,
    /** Filled; the checkpoint that says so is on its way to the node. */
    FINISHING,
    /** Filled and marked so; the poll loop has been asked. */
    JOINING,
    LIVE
  }

  /** The checkpoint as we wrote it, with the CAS under which the node keeps it. */
  record Held(Checkpoint checkpoint, long cas) {}

  PartitionLane(int partition, int node, Timing timing) {
    this.partition = partition;
    this.node = node;
    this.timing = timing;
    this.dueNanos = timing.nanoTime();
  }

  int partition() {
    return partition;
  }

  Phase phase() {
    return phase;
  }

  boolean isDueForClaim() {
    return phase == Phase.UNCLAIMED && timing.nanoTime() - dueNanos >= 0;
  }

  String stalledFor() {
    return stalledFor;
  }

  Held held() {
    if (held == null) {
      throw new IllegalStateException("partition " + partition + " is not claimed");
    }
    return held;
  }

  boolean isHeld() {
    return held != null;
  }

  void hold(Checkpoint checkpoint, long cas) {
    held = new Held(checkpoint, cas);
  }

  /** Back to the first step, at once or later; what is under way is given up. */
  void startAgain(long delayNanos, String reason) {
    abandon();
    held = null;
    phase = Phase.UNCLAIMED;
    waitsAt = reason.equals(stalledFor) ? waitsAt : null;
    stalledFor = reason;
    allowed = false;
    dueNanos = timing.nanoTime() + delayNanos;
  }

  /** Back to the first step, later and later, until a record can be read. */
  void waitAt(WaitNote note) {
    long delay = Math.min(FIRST_WAIT_NANOS << Math.min(waits, 3), LAST_WAIT_NANOS);
    startAgain(delay, note.of(partition));
    waitsAt = note;
    waits++;
  }

  /** The record that keeps the lane from being filled, if it waits at one. */
  @Nullable WaitNote waitsAt() {
    return waitsAt;
  }

  /** Gives up what is under way, and with it the memory that it holds. */
  void abandon() {
    if (asked != null) {
      asked.waiting = false;
      asked = null;
    }
    if (count != null) {
      count.giveUp();
      count = null;
    }
    senders.forEach(PartSender::abandon);
    senders.clear();
    prepared = false;
    sentShare = 0;
    finish = null;
    if (live != null) {
      live.stop();
      live = null;
    }
  }

  /** Claimed and proved: from now on former writers are waited for, until the time due. */
  void settle(Optional<Checkpoint> wasThere, long delayNanos) {
    phase = Phase.SETTLING;
    found = wasThere;
    dueNanos = timing.nanoTime() + delayNanos;
  }

  boolean hasSettledLongEnough() {
    return timing.nanoTime() - dueNanos >= 0;
  }

  /** The checkpoint that was there when the lane was claimed. */
  Optional<Checkpoint> found() {
    return found;
  }

  /** The connections by which others wrote before us, as the group knows them. */
  void follow(List<String> newFormerWriters) {
    formerWriters = newFormerWriters;
  }

  List<String> formerWriters() {
    return formerWriters;
  }

  /** Former writers that may still have bytes under way. */
  void suspect(List<Suspect> newSuspects) {
    suspects = newSuspects;
  }

  List<Suspect> suspects() {
    return suspects;
  }

  /** The suspects that the fill which begins cannot clear: they are still connected. */
  void remain(List<Suspect> suspects) {
    remaining = suspects;
  }

  List<Suspect> remaining() {
    return remaining;
  }

  /** Before it is filled, what it needs is counted. */
  void weigh(ShareCount newCount) {
    phase = Phase.WEIGHING;
    count = newCount;
    weighed = false;
  }

  /** What it needs is known. */
  void weighed() {
    weighed = true;
  }

  boolean isWeighed() {
    return weighed;
  }

  /** The node has room: the fill may begin. */
  void allow() {
    phase = Phase.SETTLING;
    count = null;
    allowed = true;
    stalledFor = "";
  }

  boolean isAllowed() {
    return allowed;
  }

  /**
   * What the fill that begins has to do.
   *
   * @param newFollowed how far the node has got in the log
   * @param newNeed adds up what it sends, where that is the node's whole share; else null
   */
  void plan(
      long newFromOffset,
      Progress newFollowed,
      boolean newSweeps,
      boolean newGuarded,
      @Nullable MemoryNeed newNeed) {
    allowed = false;
    need = newNeed;
    followed = newFollowed;
    fromOffset = newFromOffset;
    sweeps = newSweeps;
    guarded = newGuarded;
    startedNanos = timing.nanoTime();
    // What was sent before it had to wait belongs to the same fill.
    entriesSent = waits == 0 ? 0 : entriesSent;
    sentShare = 0;
  }

  /** Asks the replay for what the node lacks. */
  FillTarget ask(FillAnswers answers) {
    phase = Phase.FILLING;
    var question = new Asked(partition, node, fromOffset, followed, sweeps, answers);
    asked = question;
    return question;
  }

  boolean isAnswerTo(FillTarget question) {
    return asked == question;
  }

  void fillAgainFrom(Progress reached) {
    plan(reached.nextOffset(), reached, false, false, null);
  }

  /** The sum of what the fill has sent so far; null where that is not the node's whole share. */
  @Nullable MemoryNeed need() {
    return need;
  }

  boolean sweeps() {
    return sweeps;
  }

  boolean isGuarded() {
    return guarded;
  }

  long fromOffset() {
    return fromOffset;
  }

  /** Takes a further part of the fill to be sent. */
  void queue(PartSender sender) {
    senders.add(sender);
  }

  /** The part that is being sent, or is the next to be; null where none is there. */
  @Nullable PartSender sender() {
    return senders.peek();
  }

  /** Whether the part at hand may be sent: what had to be swept first has been. */
  boolean isPrepared() {
    return prepared;
  }

  void prepared() {
    prepared = true;
  }

  /** The part at hand is on the node. */
  void sent() {
    PartSender sender = senders.remove();
    entriesSent += sender.entries();
    sentShare = sender.part().shareAtEnd();
    sender.abandon();
    prepared = false;
  }

  long entriesSent() {
    return entriesSent;
  }

  long nanosSinceStart() {
    return timing.nanoTime() - startedNanos;
  }

  /** Everything up to there is on the node; what its checkpoint may say is another matter. */
  void filledTo(Progress end) {
    filledTo = end;
  }

  Progress filledTo() {
    return filledTo;
  }

  /**
   * Everything is on the node; its checkpoint is about to say so.
   *
   * @param waitsAfterwards the record that the fill ended at, if that cannot be read yet
   */
  void finishing(CheckpointStore.Replacing checkpoint, @Nullable WaitNote waitsAfterwards) {
    asked = null;
    finish = checkpoint;
    finishedAt = waitsAfterwards;
    phase = Phase.FINISHING;
  }

  /** The checkpoint that is on its way to say that the lane is filled; null if none is. */
  CheckpointStore.@Nullable Replacing finish() {
    return finish;
  }

  /** The record that the fill ended at, if that cannot be read yet. */
  @Nullable WaitNote finishedAt() {
    return finishedAt;
  }

  void joining(LiveLane lane) {
    asked = null;
    finish = null;
    live = lane;
    phase = Phase.JOINING;
  }

  void joined() {
    phase = Phase.LIVE;
    stalledFor = "";
    waitsAt = null;
    waits = 0;
  }

  @Nullable LiveLane live() {
    return live;
  }

  /** From 0, not begun, to 1, live. Reading is a third of the way, as sending takes longer. */
  double fraction() {
    if (phase == Phase.LIVE || phase == Phase.JOINING || phase == Phase.FINISHING) {
      return 1;
    }
    PartSender sender = senders.peek();
    double sent =
        sender == null
            ? sentShare
            : sentShare + (sender.part().shareAtEnd() - sentShare) * sender.fractionAnswered();
    return ((asked == null ? 0 : asked.read) + 2 * sent) / 3;
  }

  @Override
  public String toString() {
    return Integer.toString(partition);
  }

  /** The keeper's side of a fill; called on the replay's thread. */
  interface FillAnswers {
    void delivered(FillTarget question, FoldPart part);

    void waits(FillTarget question, WaitNote at);

    void ofAnotherLog(FillTarget question, long endOffset);

    void failed(FillTarget question, RuntimeException cause);
  }

  private static final class Asked implements FillTarget {
    private final int partition;
    private final int node;
    private final long fromOffset;
    private final Progress followed;
    private final boolean wholeOrNothing;
    private final FillAnswers answers;
    private volatile boolean waiting = true;
    private volatile double read;

    Asked(
        int partition,
        int node,
        long fromOffset,
        Progress followed,
        boolean wholeOrNothing,
        FillAnswers answers) {
      this.partition = partition;
      this.node = node;
      this.fromOffset = fromOffset;
      this.followed = followed;
      this.wholeOrNothing = wholeOrNothing;
      this.answers = answers;
    }

    @Override
    public int partition() {
      return partition;
    }

    @Override
    public int node() {
      return node;
    }

    @Override
    public long fromOffset() {
      return fromOffset;
    }

    @Override
    public Progress followed() {
      return followed;
    }

    @Override
    public boolean isWholeOrNothing() {
      return wholeOrNothing;
    }

    @Override
    public boolean isWaiting() {
      return waiting;
    }

    @Override
    public void reading(double fraction) {
      read = fraction;
    }

    @Override
    public void deliver(FoldPart part) {
      answers.delivered(this, part);
    }

    @Override
    public void waits(WaitNote at) {
      answers.waits(this, at);
    }

    @Override
    public void ofAnotherLog(long endOffset) {
      answers.ofAnotherLog(this, endOffset);
    }

    @Override
    public void failed(RuntimeException cause) {
      answers.failed(this, cause);
    }
  }
}
