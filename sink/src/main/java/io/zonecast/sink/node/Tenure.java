package io.zonecast.sink.node;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.EntryFailure;
import io.zonecast.sink.cache.FailureReason;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.fill.FillTarget;
import io.zonecast.sink.fill.FoldPart;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.poll.Ownership;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint protocol on one connection to one node: what a keeper does from the moment it has
 * connected until the connection closes. In this order, for each partition:
 *
 * <ol>
 *   <li>read the checkpoint and <em>claim</em> it, by add or by the CAS just read;
 *   <li><em>prove</em> that the partition is still ours, before any data;
 *   <li><em>fill</em> from what the checkpoint says, to an end that is asked for after the proof;
 *   <li><em>finish</em>: by CAS, the checkpoint says live;
 *   <li><em>join</em> the live records;
 *   <li>while live, write the acknowledged offset by CAS and read the checkpoint back.
 * </ol>
 *
 * Anything unexpected (a refused write, another checkpoint than the one written, a refused entry)
 * leads back to the first step; anything ambiguous closes the connection. All on the keeper's
 * thread, one step at a time, so that long steps do not keep the short ones waiting.
 */
final class Tenure {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  private static final long WRITE_EVERY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long READ_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long REFRESH_EVERY_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long AT_ONCE = 0;
  private static final long SOON_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LATER_NANOS = Duration.ofSeconds(5).toNanos();

  /** How long former writers are waited for: late bytes that come later are mended afterwards. */
  private static final long SETTLE_NANOS = Duration.ofSeconds(2).toNanos();

  private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ACK_TIMEOUT = Duration.ofSeconds(10);

  /** 32 batches in flight to a node: ten milliseconds of distance then do not show. */
  private static final int WINDOW_ENTRIES = 32 * PartSender.BATCH_ENTRIES;

  private static final Duration ROOM_WAIT = Duration.ofMillis(20);

  private final NodeContext context;
  private final NodeConnection connection;
  private final String node;
  private final int nodeIndex;
  private final Consumer<Runnable> inbox;
  private final Sweep sweep;
  private final SuspectWatch suspects;
  private final BatchPool batches;
  private final Map<Integer, PartitionLane> lanes = new TreeMap<>();
  private long lastWriteNanos = System.nanoTime();
  private long lastRefreshNanos = System.nanoTime();
  private long lastReadNanos = System.nanoTime();

  /**
   * @param inbox takes what is to be done on the keeper's thread; thread-safe
   */
  Tenure(
      NodeContext context,
      NodeConnection connection,
      int nodeIndex,
      ConnectionSettings connections,
      Consumer<Runnable> inbox) {
    this.context = context;
    this.connection = connection;
    this.node = connection.address().toString();
    this.nodeIndex = nodeIndex;
    this.inbox = inbox;
    this.sweep = new Sweep(context, connection.address(), nodeIndex, connections);
    this.suspects = new SuspectWatch(connection);
    this.batches =
        new BatchPool(context.writtenWith().keyPrefix(), context.writtenWith().clientFlags());
  }

  boolean isOver() {
    return !connection.isOpen();
  }

  Collection<PartitionLane> lanes() {
    return lanes.values();
  }

  void add(Collection<Integer> partitions) {
    partitions.forEach(p -> lanes.putIfAbsent(p, new PartitionLane(p, nodeIndex)));
  }

  /**
   * Takes the steps that are possible now.
   *
   * @return whether there is more to do at once
   * @throws IOException if the connection is, or hereby was, broken
   */
  boolean step() throws IOException, InterruptedException {
    claimWhatIsDue();
    fillWhatHasSettled();
    boolean sending = sendABatch();
    finishWhatIsAnswered();
    tick();
    return sending;
  }

  /** Ends the tenure: nothing more is sent, and the memory of fills under way is given back. */
  void end() {
    connection.close();
    lanes.values().forEach(PartitionLane::abandon);
  }

  // --- 1 and 2: claim, prove ---

  private void claimWhatIsDue() throws IOException, InterruptedException {
    List<PartitionLane> due = lanes.values().stream().filter(PartitionLane::isDueForClaim).toList();
    if (due.isEmpty()) {
      return;
    }
    Map<PartitionLane, Optional<Checkpoint>> claimed = claim(due);
    if (claimed.isEmpty()) {
      return;
    }
    Optional<Map<Integer, List<String>>> writers = prove(claimed.keySet());
    if (writers.isEmpty()) {
      return;
    }
    for (var claim : claimed.entrySet()) {
      PartitionLane lane = claim.getKey();
      if (claim.getValue().isEmpty()) {
        // The node has forgotten who wrote to it; the group has not.
        List<String> former = writers.get().getOrDefault(lane.partition(), List.of());
        lane.suspect(former.stream().map(conn -> new Suspect(conn, 0, 0)).toList());
      } else {
        lane.suspect(lane.held().checkpoint().suspects());
      }
      suspects.watch(lane.suspects());
      lane.settle(claim.getValue(), SETTLE_NANOS);
    }
  }

  /** Claims what it can; each with the checkpoint that was there, if one was. */
  private Map<PartitionLane, Optional<Checkpoint>> claim(List<PartitionLane> due)
      throws IOException, InterruptedException {
    List<CheckpointEntry> entries = connection.readEntries(due.stream().map(this::key).toList());
    Map<PartitionLane, Optional<Checkpoint>> found = new LinkedHashMap<>();
    List<Checkpoint> wanted = new ArrayList<>();
    List<CompletableFuture<CasResult>> answers = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      PartitionLane lane = due.get(i);
      Optional<Checkpoint> there = checkpointIn(entries.get(i));
      there.ifPresent(this::requireSameSettings);
      Checkpoint ours =
          there
              .map(checkpoint -> checkpoint.claimedBy(connection.localAddress()))
              .orElseGet(() -> filling(lane.partition()));
      found.put(lane, there);
      wanted.add(ours);
      answers.add(
          entries.get(i) instanceof CheckpointEntry.Present present
              ? connection.replaceAsync(key(lane), present.cas(), ours.encode())
              : connection.addAsync(key(lane), ours.encode()));
    }
    for (int i = 0; i < due.size(); i++) {
      PartitionLane lane = due.get(i);
      if (answer(answers.get(i)) instanceof CasResult.Done done) {
        lane.hold(wanted.get(i), done.newCas());
      } else {
        // Somebody was faster: read again.
        lane.startAgain(SOON_NANOS, lane.stalledFor());
        found.remove(lane);
      }
    }
    return found;
  }

  private Optional<Checkpoint> checkpointIn(CheckpointEntry entry) {
    return entry instanceof CheckpointEntry.Present present
        ? Checkpoint.decode(present.value())
        : Optional.empty();
  }

  private void requireSameSettings(Checkpoint there) {
    List<String> differences = context.writtenWith().differencesFrom(there.writtenWith());
    if (!differences.isEmpty() && !context.changeSettings()) {
      throw new SettingsDifferException(node, differences);
    }
  }

  /** Empty if there is no proof; otherwise who else may have written, by partition. */
  private Optional<Map<Integer, List<String>>> prove(Collection<PartitionLane> claimed)
      throws InterruptedException {
    List<Integer> partitions = claimed.stream().map(PartitionLane::partition).toList();
    try {
      return Optional.of(
          context
              .ownership()
              .prove(partitions, node, connection.localAddress())
              .get(PROOF_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("node={} no proof that the partitions are ours", node, e);
      claimed.forEach(lane -> lane.startAgain(SOON_NANOS, lane.stalledFor()));
      return Optional.empty();
    }
  }

  // --- 3: fill ---

  /** Begins the fill of lanes whose former writers have gone, or been waited for long enough. */
  private void fillWhatHasSettled() throws IOException, InterruptedException {
    List<PartitionLane> settling =
        lanes.values().stream().filter(l -> l.phase() == PartitionLane.Phase.SETTLING).toList();
    if (settling.isEmpty()) {
      return;
    }
    List<PartitionLane> settled = new ArrayList<>();
    for (PartitionLane lane : settling) {
      lane.remain(suspects.stillThere(lane.suspects()));
      if (lane.remaining().isEmpty() || lane.hasSettledLongEnough()) {
        settled.add(lane);
      }
    }
    if (settled.isEmpty()) {
      return;
    }
    boolean nodeHoldsKeys =
        settled.stream().anyMatch(lane -> !lane.found().filter(this::goesOnFrom).isPresent())
            && sweep.findsAnyKey();
    for (PartitionLane lane : settled) {
      begin(lane, nodeHoldsKeys);
    }
  }

  /** Decides what the node lacks, marks it where that is below what it says, and asks for it. */
  private void begin(PartitionLane lane, boolean nodeHoldsKeys)
      throws IOException, InterruptedException {
    Optional<Checkpoint> found = lane.found();
    boolean goesOn = found.filter(this::goesOnFrom).isPresent();
    boolean anotherTopic = found.filter(this::isOfAnotherTopic).isPresent();
    Checkpoint held = lane.held().checkpoint();
    // Nothing is written below what the checkpoint says. Until the sweep of another topic's entries
    // is allowed, the marker keeps that topic's id: whoever comes next asks the same question.
    Checkpoint marker =
        goesOn
            ? held.live(held.safeNextOffset(), held.safeTimeMillis())
            : Checkpoint.filling(
                anotherTopic ? held.topicId() : context.topic().topicId(),
                lane.partition(),
                connection.localAddress(),
                context.writtenWith(),
                lane.suspects());
    if (!held.equals(marker) && !replace(lane, marker)) {
      return;
    }
    lane.plan(marker.nextOffset(), !goesOn && nodeHoldsKeys, anotherTopic);
    context.replay().request(lane.ask(answers));
  }

  private boolean goesOnFrom(Checkpoint found) {
    return found.state() == Checkpoint.State.LIVE
        && !isOfAnotherTopic(found)
        && found.writtenWith().equals(context.writtenWith())
        && !context.deletesMayBeMissed(found.safeTimeMillis());
  }

  private boolean isOfAnotherTopic(Checkpoint found) {
    return !found.topicId().equals(context.topic().topicId());
  }

  private final PartitionLane.FillAnswers answers =
      new PartitionLane.FillAnswers() {
        @Override
        public void delivered(FillTarget question, FoldPart part) {
          inbox.accept(() -> take(question, part));
        }

        @Override
        public void beyondEnd(FillTarget question, long highWatermark) {
          inbox.accept(
              () ->
                  ifAsked(
                      question,
                      lane -> fillFromTheBeginning(lane, question.fromOffset(), highWatermark)));
        }

        @Override
        public void failed(FillTarget question, RuntimeException cause) {
          inbox.accept(
              () ->
                  ifAsked(
                      question,
                      lane -> lane.startAgain(LATER_NANOS, String.valueOf(cause.getMessage()))));
        }
      };

  private void ifAsked(FillTarget question, Consumer<PartitionLane> action) {
    PartitionLane lane = lanes.get(question.partition());
    if (lane != null && lane.isAnswerTo(question)) {
      action.accept(lane);
    }
  }

  /** The part waits for its turn in the lane; one that nobody waits for any more is let go. */
  private void take(FillTarget question, FoldPart part) {
    PartitionLane lane = lanes.get(question.partition());
    if (lane == null || !lane.isAnswerTo(question) || isOver()) {
      part.release();
      return;
    }
    lane.queue(new PartSender(connection, part, nodeIndex, lane.fromOffset(), batches));
  }

  /** The log ends before the offset that the node needs: what it holds is from another one. */
  private void fillFromTheBeginning(PartitionLane lane, long needed, long highWatermark) {
    LOG.warn(
        "node={} partition={} needs offset={} and the partition ends at {}: filling it again",
        node,
        lane.partition(),
        needed,
        highWatermark);
    Checkpoint other =
        new Checkpoint(
            Checkpoint.State.FILLING,
            Uuid.ZERO_UUID,
            lane.partition(),
            0,
            0,
            connection.localAddress(),
            context.writtenWith(),
            lane.suspects());
    try {
      if (replace(lane, other)) {
        lane.startAgain(AT_ONCE, "");
      }
    } catch (IOException e) {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the next batch of the first lane that has one; false if none has. */
  private boolean sendABatch() throws IOException, InterruptedException {
    for (PartitionLane lane : lanes.values()) {
      PartSender sender = lane.sender();
      if (sender == null || sender.isSent()) {
        continue;
      }
      if (!lane.isPrepared() && !prepare(lane, sender)) {
        continue;
      }
      if (connection.awaitRoom(WINDOW_ENTRIES - PartSender.BATCH_ENTRIES, ROOM_WAIT)) {
        sender.sendBatch();
      } else {
        connection.closeIfStuck();
      }
      return true;
    }
    return false;
  }

  /** Sweeps, where the fill has to; false where it may not go on. */
  private boolean prepare(PartitionLane lane, PartSender sender) throws IOException {
    if (lane.sweeps()) {
      Sweep.Outcome outcome =
          sweep.run(
              lane.partition(), lane.isGuarded(), sender, batches, () -> isStillAt(lane, sender));
      if (outcome instanceof Sweep.Outcome.GivenUp) {
        return false;
      }
      if (outcome instanceof Sweep.Outcome.TooMany tooMany) {
        String reason =
            ("partition %d: topic %s was made anew, and %d of %d entries are not in it; publish"
                    + " them, or accept with: zonecast rebuild --accept-new-topic")
                .formatted(
                    lane.partition(), context.topic().name(), tooMany.orphans(), tooMany.entries());
        if (!reason.equals(lane.stalledFor())) {
          LOG.warn("node={} {}", node, reason);
        }
        lane.startAgain(LATER_NANOS, reason);
        return false;
      }
      if (outcome instanceof Sweep.Outcome.Swept swept && swept.entries() > 0) {
        context.events().swept(node, lane.partition(), swept.entries());
      }
    }
    lane.prepared();
    return true;
  }

  /**
   * Keeps the checkpoints going during a sweep, which may take seconds, and says whether the sweep
   * still has a right to delete: a lane that started again, or a connection that was closed because
   * the partition is lost, has none.
   */
  private boolean isStillAt(PartitionLane lane, PartSender sender) {
    tickQuietly();
    return lane.sender() == sender && !isOver();
  }

  // --- 4 and 5: finish, join ---

  private void finishWhatIsAnswered() throws IOException, InterruptedException {
    for (PartitionLane lane : lanes.values()) {
      PartSender sender = lane.sender();
      if (sender != null && sender.isAnswered()) {
        if (!blame(lane, sender)) {
          continue;
        }
        FoldPart part = sender.part();
        lane.sent();
        if (part.isLast()) {
          finish(lane, part);
        }
      }
    }
  }

  /**
   * Finds out which entries were refused: each key stands once in a fold and nobody else writes
   * here, so it is safe to send them again.
   *
   * @return false if the lane has to be filled again
   */
  private boolean blame(PartitionLane lane, PartSender sender) throws IOException {
    Map<Long, String> tooLarge = new TreeMap<>();
    for (EntryBatch batch = sender.nextRefused(); batch != null; batch = sender.nextRefused()) {
      for (EntryFailure failure : connection.sendLoud(batch, ACK_TIMEOUT)) {
        String said = failure.reason().serverLine();
        if (!(failure.reason() instanceof FailureReason.TooLarge)) {
          LOG.warn(
              "node={} partition={} refuses {}: {}", node, lane.partition(), failure.key(), said);
          lane.startAgain(LATER_NANOS, failure.key() + ": " + said);
          return false;
        }
        byte[] key = sweep.withoutPrefix(failure.key());
        tooLarge.put(
            sender.part().fold().offsetOf(key, 0, key.length),
            "node " + node + " cannot take it: " + said);
      }
      batches.giveBack(batch);
    }
    try {
      context.deadLetters().sendFrom(lane.partition(), tooLarge);
      return true;
    } catch (KafkaException e) {
      LOG.warn("node={} partition={} cannot go on: {}", node, lane.partition(), e.getMessage());
      lane.startAgain(LATER_NANOS, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void finish(PartitionLane lane, FoldPart part) throws IOException, InterruptedException {
    Checkpoint before = lane.held().checkpoint();
    long time = Math.max(part.timeMillis(), lane.fromOffset() == 0 ? 0 : before.timeMillis());
    Checkpoint live =
        new Checkpoint(
            Checkpoint.State.LIVE,
            context.topic().topicId(),
            lane.partition(),
            part.endOffset(),
            time,
            connection.localAddress(),
            context.writtenWith(),
            lane.remaining());
    if (!live.equals(before) && !replace(lane, live)) {
      return;
    }
    clear(lane);
    context
        .events()
        .filled(
            node, lane.partition(), part.endOffset(), lane.entriesSent(), lane.nanosSinceStart());
    var liveLane =
        new LiveLane(
            connection,
            nodeIndex,
            lane.partition(),
            new LiveLane.Acknowledged(part.endOffset(), time),
            () -> inbox.accept(() -> refused(lane)));
    lane.joining(liveLane);
    CompletableFuture<Void> told =
        context
            .ownership()
            .join(liveLane)
            .thenAccept(joining -> inbox.accept(() -> joined(lane, liveLane, joining)));
    LOG.trace("node={} partition={} asked to join: {}", node, lane, told);
  }

  /** Suspects that were gone before the fill can do no more harm. */
  private void clear(PartitionLane lane) {
    List<String> gone =
        lane.suspects().stream()
            .filter(suspect -> !lane.remaining().contains(suspect))
            .map(Suspect::conn)
            .toList();
    if (!gone.isEmpty()) {
      context.ownership().gone(lane.partition(), node, gone);
    }
    lane.suspect(lane.remaining());
  }

  private void joined(PartitionLane lane, LiveLane liveLane, Ownership.Joining joining) {
    if (lane.live() != liveLane) {
      liveLane.stop();
      return;
    }
    switch (joining) {
      case JOINED -> lane.joined();
      case TOO_FAR_BEHIND -> {
        lane.fillAgainFrom(liveLane.acknowledged().nextOffset());
        context.replay().request(lane.ask(answers));
      }
      case GONE -> lane.startAgain(SOON_NANOS, "");
    }
  }

  /** A live record was refused; the fill that follows finds out which, and why. */
  private void refused(PartitionLane lane) {
    // The refusal may overtake the word that the lane has joined.
    if (lane.phase() == PartitionLane.Phase.LIVE || lane.phase() == PartitionLane.Phase.JOINING) {
      lane.startAgain(AT_ONCE, "");
    }
  }

  // --- 6: live ---

  private void tickQuietly() {
    try {
      tick();
    } catch (IOException e) {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() throws IOException, InterruptedException {
    long now = System.nanoTime();
    if (now - lastWriteNanos >= WRITE_EVERY_NANOS) {
      lastWriteNanos = now;
      boolean refresh = now - lastRefreshNanos >= REFRESH_EVERY_NANOS;
      lastRefreshNanos = refresh ? now : lastRefreshNanos;
      writeCheckpoints(refresh);
    }
    if (now - lastReadNanos >= READ_EVERY_NANOS) {
      lastReadNanos = now;
      readCheckpoints();
      mendAfterSuspects();
    }
  }

  /** A former writer that was still connected at the fill has gone: what it sent last is mended. */
  private void mendAfterSuspects() throws IOException {
    for (PartitionLane lane : lanes.values()) {
      if (lane.phase() == PartitionLane.Phase.LIVE
          && !lane.suspects().isEmpty()
          && suspects.stillThere(lane.suspects()).size() < lane.suspects().size()) {
        LOG.info("node={} partition={} a former writer has gone: filling again", node, lane);
        lane.startAgain(AT_ONCE, "");
      }
    }
  }

  /** Writes how far each live lane has got; where nothing moved only once a minute. */
  private void writeCheckpoints(boolean refresh) throws IOException, InterruptedException {
    Map<PartitionLane, Checkpoint> wanted = new LinkedHashMap<>();
    for (PartitionLane lane : lanes.values()) {
      LiveLane live = lane.live();
      if (lane.phase() != PartitionLane.Phase.LIVE || live == null) {
        continue;
      }
      LiveLane.Acknowledged acknowledged = live.acknowledged();
      Checkpoint held = lane.held().checkpoint();
      long time = Math.max(acknowledged.timeMillis(), timeInStep(lane, acknowledged));
      if (acknowledged.nextOffset() != held.nextOffset() || (refresh && time > held.timeMillis())) {
        wanted.put(lane, held.live(acknowledged.nextOffset(), Math.max(time, held.timeMillis())));
      }
      if (!isFreshlyFilled(lane) && context.deletesMayBeMissed(Math.max(time, held.timeMillis()))) {
        // So far behind that deletes may have been compacted away unheard.
        LOG.warn("node={} partition={} is behind further than tombstones live", node, lane);
        lane.startAgain(AT_ONCE, "");
        wanted.remove(lane);
      }
    }
    replaceAll(wanted);
  }

  /**
   * Whether the lane has been filled from the beginning since the tombstones that are there now
   * were written: then no other fill would do better, as behind a record that cannot be read yet.
   */
  private boolean isFreshlyFilled(PartitionLane lane) {
    return lane.fromOffset() == 0 && context.tombstonesOutlive(lane.nanosSinceStart());
  }

  private long timeInStep(PartitionLane lane, LiveLane.Acknowledged acknowledged) {
    var ends = context.ends().get().get(lane.partition());
    return ends != null
        ? ends.earliestWriteAfter(
            acknowledged.nextOffset(),
            acknowledged.timeMillis(),
            context.clockAllowance().toMillis())
        : 0;
  }

  /** Reads back what was written: a wipe, an eviction or another owner shows here. */
  private void readCheckpoints() throws IOException {
    List<PartitionLane> held = lanes.values().stream().filter(PartitionLane::isHeld).toList();
    if (held.isEmpty()) {
      // Nothing to compare, and still a sign of life.
      connection.readEntries(List.of(context.checkpointKey(0)));
      return;
    }
    List<CheckpointEntry> entries = connection.readEntries(held.stream().map(this::key).toList());
    List<Integer> gone = new ArrayList<>();
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < held.size(); i++) {
      PartitionLane lane = held.get(i);
      if (entries.get(i) instanceof CheckpointEntry.Present present) {
        if (present.cas() != lane.held().cas()) {
          changed.add(lane.partition());
          lane.startAgain(AT_ONCE, lane.stalledFor());
        }
      } else {
        gone.add(lane.partition());
        lane.startAgain(AT_ONCE, lane.stalledFor());
      }
    }
    if (!gone.isEmpty()) {
      LOG.warn("node={} partitions={} checkpoints are gone: filling again", node, gone);
    }
    if (!changed.isEmpty()) {
      LOG.warn("node={} partitions={} checkpoints were written by another", node, changed);
    }
  }

  /**
   * Lets go of partitions in good order: what is in flight is awaited, and the checkpoint names no
   * connection any more. Nothing is sent for them after that.
   */
  void release(Collection<Integer> partitions) throws IOException, InterruptedException {
    Map<PartitionLane, Checkpoint> wanted = new LinkedHashMap<>();
    List<PartitionLane> leaving = new ArrayList<>();
    for (int partition : partitions) {
      PartitionLane lane = lanes.remove(partition);
      if (lane != null) {
        leaving.add(lane);
      }
    }
    if (leaving.stream().anyMatch(PartitionLane::isHeld)) {
      connection.awaitRoom(0, Duration.ofSeconds(1));
    }
    for (PartitionLane lane : leaving) {
      LiveLane live = lane.live();
      if (lane.isHeld()) {
        Checkpoint held = lane.held().checkpoint();
        wanted.put(
            lane,
            live == null || lane.phase() != PartitionLane.Phase.LIVE
                ? held.released()
                : held.live(
                        live.acknowledged().nextOffset(),
                        Math.max(held.timeMillis(), live.acknowledged().timeMillis()))
                    .released());
      }
    }
    leaving.forEach(PartitionLane::abandon);
    replaceAll(wanted);
  }

  // --- writing checkpoints ---

  /** Writes by CAS; a refusal sends the lane back to the start. */
  private boolean replace(PartitionLane lane, Checkpoint wanted)
      throws IOException, InterruptedException {
    replaceAll(Map.of(lane, wanted));
    return lane.isHeld() && lane.held().checkpoint().equals(wanted);
  }

  private void replaceAll(Map<PartitionLane, Checkpoint> wanted)
      throws IOException, InterruptedException {
    Map<PartitionLane, CompletableFuture<CasResult>> answers = new LinkedHashMap<>();
    wanted.forEach(
        (lane, checkpoint) ->
            answers.put(
                lane, connection.replaceAsync(key(lane), lane.held().cas(), checkpoint.encode())));
    for (var answer : answers.entrySet()) {
      PartitionLane lane = answer.getKey();
      if (answer(answer.getValue()) instanceof CasResult.Done done) {
        Checkpoint written = wanted.get(lane);
        if (written != null) {
          lane.hold(written, done.newCas());
        }
      } else {
        LOG.warn(
            "node={} partition={} checkpoint not replaced: wiped, dropped or another's; filling"
                + " again from what is there",
            node,
            lane.partition());
        lane.startAgain(AT_ONCE, lane.stalledFor());
      }
    }
  }

  private CasResult answer(CompletableFuture<CasResult> future)
      throws IOException, InterruptedException {
    try {
      return future.get(ACK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      connection.close();
      throw new IOException("memcached " + node + " did not answer a checkpoint in time", e);
    }
  }

  private Checkpoint filling(int partition) {
    return Checkpoint.filling(
        context.topic().topicId(),
        partition,
        connection.localAddress(),
        context.writtenWith(),
        List.of());
  }

  private String key(PartitionLane lane) {
    return context.checkpointKey(lane.partition());
  }

  /** What the lanes stand at, for the keeper's status. */
  @Nullable String firstStall() {
    for (PartitionLane lane : lanes.values()) {
      if (!lane.stalledFor().isEmpty() && lane.phase() != PartitionLane.Phase.LIVE) {
        return lane.stalledFor();
      }
    }
    return null;
  }
}
