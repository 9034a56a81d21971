package io.zonecast.sink.node;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Suspect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first steps: claim a partition's checkpoint, prove that the partition is ours, and note who
 * else may still be writing.
 */
record ClaimStep(
    NodeContext context,
    NodeConnection connection,
    LaneCheckpoints checkpoints,
    SuspectWatch suspects) {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimStep.class);

  /** How long to wait for former writers; what they send later is repaired afterwards. */
  private static final Duration SETTLE_TIME = Duration.ofSeconds(2);

  private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(30);

  /** Claims and proves the lanes for which it is time; those that succeed begin to settle. */
  void claimWhatIsDue(Collection<PartitionLane> lanes) throws IOException, InterruptedException {
    List<PartitionLane> due = lanes.stream().filter(PartitionLane::isDueForClaim).toList();
    if (due.isEmpty()) {
      return;
    }
    Map<PartitionLane, Claimed> claimed = claim(due);
    if (claimed.isEmpty()) {
      return;
    }
    Optional<Map<Integer, List<String>>> writers = prove(claimed.keySet());
    if (writers.isEmpty()) {
      return;
    }
    claimed.forEach(
        (lane, its) -> {
          List<String> former = writers.get().getOrDefault(lane.partition(), List.of());
          List<Suspect> suspected = suspected(its.checkpoint, former);
          suspects.watch(suspected);
          lane.claimed(
              new Claim(its.checkpoint, its.cas, former, suspected, suspected),
              its.found,
              SETTLE_TIME);
        });
  }

  /**
   * Who may still be writing. A node that was emptied has forgotten that, and the group has not. A
   * marker may be of a claim that went no further, and so before it learned of them.
   */
  private static List<Suspect> suspected(Checkpoint claimed, List<String> former) {
    List<Suspect> named = claimed.suspects();
    if (claimed.state() == Checkpoint.State.LIVE) {
      return named;
    }
    Stream<Suspect> remembered =
        former.stream()
            .filter(conn -> named.stream().noneMatch(suspect -> suspect.conn().equals(conn)))
            .map(conn -> new Suspect(conn, 0, 0));
    return Stream.concat(named.stream(), remembered).toList();
  }

  /** Our checkpoint, and the one that was there before. */
  private record Claimed(Checkpoint checkpoint, long cas, Optional<Checkpoint> found) {}

  private Map<PartitionLane, Claimed> claim(List<PartitionLane> due)
      throws IOException, InterruptedException {
    List<VersionedEntry> entries = checkpoints.read(due);
    List<Optional<Checkpoint>> found = entries.stream().map(Checkpoint::in).toList();
    found.forEach(
        there -> there.ifPresent(checkpoint -> context.requireSameSettings(node(), checkpoint)));
    List<Checkpoint> wanted = new ArrayList<>();
    List<CompletableFuture<CasResult>> answers = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      PartitionLane lane = due.get(i);
      Checkpoint ours =
          found
              .get(i)
              .map(there -> there.claimedBy(connection.localAddress(), context.writtenWith()))
              .orElseGet(() -> filling(lane.partition()));
      wanted.add(ours);
      answers.add(
          entries.get(i) instanceof VersionedEntry.Present present
              ? connection.replaceAsync(checkpoints.key(lane), present.cas(), ours.encode())
              : connection.addAsync(checkpoints.key(lane), ours.encode()));
    }
    Map<PartitionLane, Claimed> claimed = new LinkedHashMap<>();
    for (int i = 0; i < due.size(); i++) {
      PartitionLane lane = due.get(i);
      if (checkpoints.answer(answers.get(i)) instanceof CasResult.Done done) {
        claimed.put(lane, new Claimed(wanted.get(i), done.newCas(), found.get(i)));
      } else {
        // Another sink was faster: read again.
        lane.startAgain(Retry.SOON);
      }
    }
    return claimed;
  }

  /** Empty if there is no proof; otherwise who else may have written, by partition. */
  private Optional<Map<Integer, List<String>>> prove(Collection<PartitionLane> claimed)
      throws InterruptedException {
    List<Integer> partitions = claimed.stream().map(PartitionLane::partition).toList();
    try {
      return Optional.of(
          context
              .timing()
              .get(
                  context.access().ownership().prove(partitions, node(), connection.localAddress()),
                  PROOF_TIMEOUT));
    } catch (ExecutionException | TimeoutException e) {
      NodeContext.rethrowRefusal(e.getCause());
      LOG.debug("node={} no proof that the partitions are ours", node(), e);
      claimed.forEach(lane -> lane.startAgain(Retry.SOON));
      return Optional.empty();
    }
  }

  private String node() {
    return connection.address().toString();
  }

  private Checkpoint filling(int partition) {
    return Checkpoint.filling(
        context.topic().topicId(),
        partition,
        connection.localAddress(),
        context.writtenWith(),
        context.inForce().sinceMillis(),
        List.of());
  }
}
