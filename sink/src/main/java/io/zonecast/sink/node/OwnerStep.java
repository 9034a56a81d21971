package io.zonecast.sink.node;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.NotOurNodeException;
import io.zonecast.sink.owner.OwnerCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step before any claim: whose are the node's entries under our prefix? Only where the node
 * records that they are ours is anything else written there. The record is read again before each
 * claim of a partition, and once a second with the checkpoints, so that it is as recently used as
 * they are.
 *
 * <p>Outlives connections, since what a wiped node has forgotten this remembers. For the keeper's
 * thread.
 */
final class OwnerStep {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerStep.class);

  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

  /** How long another's node that was wiped is left to its owner, who is to find it first. */
  private static final long OWNER_FIRST_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final NodeContext context;
  private final NodeAddress node;
  private final OwnerCheck check;
  private final StartupOwnerCheck firstLooks;
  private final DuplicateNodeCheck oneName;

  private long heldCas;
  private boolean heldBefore;
  private boolean wasAnothers;
  private long anothersUntilNanos;

  /** Whether at the last look no partition was ours, so that nothing was to be claimed. */
  private boolean wasIdle;

  private long dueNanos;
  private String stalledFor = "";

  OwnerStep(NodeContext context, NodeAddress node) {
    this.context = context;
    this.node = node;
    this.check = context.pool().owners();
    this.firstLooks = context.firstLooks();
    this.oneName = new DuplicateNodeCheck(context, node);
    this.dueNanos = context.timing().nanoTime();
  }

  /** A new connection: nothing that was read on an earlier one counts. */
  void connected() {
    heldCas = 0;
    oneName.connected();
    dueNanos = context.timing().nanoTime();
  }

  /** Where the node cannot be reached. */
  void unreachable() {
    firstLooks.unreachable(node);
  }

  /**
   * Whether the node is ours, so that the lanes may be claimed. Looks where something is to be
   * claimed, or where it is not ours yet and it is time to look again; where it is not, all lanes
   * wait with the reason.
   *
   * @throws IOException if the node cannot be asked, or has become another's under live lanes: the
   *     connection is closed then
   * @throws NotOurNodeException at the start of a sink all of whose nodes are another's
   */
  boolean allows(NodeConnection connection, Collection<PartitionLane> lanes)
      throws IOException, InterruptedException {
    boolean due =
        (heldCas != 0 || (wasIdle && !lanes.isEmpty()))
            ? lanes.stream().anyMatch(PartitionLane::isDueForClaim)
            : context.timing().nanoTime() - dueNanos >= 0;
    if (due) {
      wasIdle = lanes.isEmpty();
      look(connection, lanes);
    }
    if (heldCas == 0) {
      lanes.stream()
          .filter(lane -> !lane.isHeld() && !lane.stalledFor().equals(stalledFor))
          .forEach(lane -> lane.startAgain(Retry.AT_ONCE, stalledFor));
    }
    return heldCas != 0;
  }

  /** Whether the node's entries are another's, so that nothing at all is written there. */
  boolean refuses() {
    return !stalledFor.isEmpty();
  }

  private void look(NodeConnection connection, Collection<PartitionLane> lanes)
      throws IOException, InterruptedException {
    dueNanos = context.timing().nanoTime() + LOOK_AGAIN_NANOS;
    oneName.require(connection);
    OwnerCheck.Look look = check.look(connection);
    look.checkpoints().forEach(found -> context.requireSameSettings(node.toString(), found));
    if (look.found() instanceof NodeOwnership.NotRecorded) {
      if (lanes.isEmpty()) {
        // Whether our group has written here, the group says once a partition is ours.
        heldCas = 0;
        return;
      }
      look = check.findOut(connection, look, heldBefore || groupHasWritten());
      if (look.found() instanceof NodeOwnership.ToClaim
          && wasAnothers
          && context.timing().nanoTime() - anothersUntilNanos < OWNER_FIRST_NANOS) {
        stall(
            "node %s was another owner's and has been emptied: left to that one for %d s"
                .formatted(node, Duration.ofNanos(OWNER_FIRST_NANOS).toSeconds()));
        return;
      }
    }
    NodeOwnership found = look.found();
    if (found instanceof NodeOwnership.Ours) {
      held(((VersionedEntry.Present) look.entry()).cas());
    } else if (found instanceof NodeOwnership.ToClaim toClaim) {
      claim(connection, look.entry(), toClaim.wanted(), lanes.isEmpty());
    } else {
      refused(connection, found, found.refusal().orElseThrow(), lanes);
    }
  }

  private void claim(
      NodeConnection connection, VersionedEntry entry, NodeOwners wanted, boolean idle)
      throws IOException {
    firstLooks.ours();
    if (idle) {
      return;
    }
    CasResult written =
        entry instanceof VersionedEntry.Present present
            ? connection.replace(NodeOwners.KEY, present.cas(), wanted.encode())
            : connection.add(NodeOwners.KEY, wanted.encode());
    if (written instanceof CasResult.Done done) {
      LOG.info(
          "node={} prefix={} claimed for {}", node, context.us().prefix(), context.us().owner());
      held(done.newCas());
      FormerPrefixes.say(context, connection, wanted);
    } else {
      // Another was faster: look at what it wrote.
      dueNanos = context.timing().nanoTime();
    }
  }

  private void held(long cas) {
    firstLooks.ours();
    heldCas = cas;
    heldBefore = true;
    wasAnothers = false;
    stalledFor = "";
  }

  private void refused(
      NodeConnection connection,
      NodeOwnership found,
      String reason,
      Collection<PartitionLane> lanes)
      throws IOException {
    heldCas = 0;
    heldBefore = false;
    wasAnothers = found instanceof NodeOwnership.NotOurs;
    anothersUntilNanos = context.timing().nanoTime();
    stall(reason);
    if (found instanceof NodeOwnership.NotOurs) {
      firstLooks.notOurs(node, reason);
    }
    if (lanes.stream().anyMatch(PartitionLane::isHeld)) {
      // The new owner waits until nothing of ours can be under way any more.
      connection.close();
      throw new IOException(reason);
    }
  }

  private void stall(String reason) {
    if (!reason.equals(stalledFor)) {
      LOG.warn("{}", reason);
    }
    stalledFor = reason;
  }

  /**
   * Compares the record as it was read back with what is known. Another owner closes the connection
   * at once; a record that is gone is written again by the next step.
   */
  void readBack(NodeConnection connection, VersionedEntry entry) {
    if (heldCas == 0 || (entry instanceof VersionedEntry.Present p && p.cas() == heldCas)) {
      return;
    }
    NodeOwnership found = check.judge(connection, entry, List.of());
    if (found instanceof NodeOwnership.Ours && entry instanceof VersionedEntry.Present present) {
      heldCas = present.cas();
      return;
    }
    heldCas = 0;
    dueNanos = context.timing().nanoTime();
    if (found.refusal().isPresent()) {
      connection.close();
    }
  }

  /** Whether the group remembers in Kafka that it has written to the node. */
  private boolean groupHasWritten() throws IOException, InterruptedException {
    try {
      return context
          .timing()
          .get(context.access().ownership().hasWrittenTo(node.toString()), ANSWER_TIMEOUT);
    } catch (ExecutionException | TimeoutException e) {
      NodeContext.rethrowRefusal(e.getCause());
      throw new IOException(
          "memcached %s: the group does not say whether it has written there: %s"
              .formatted(node, e.getMessage()),
          e);
    }
  }
}
