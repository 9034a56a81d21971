package io.zonecast.sink.simulation;

import io.zonecast.sink.timing.Scheduler;
import io.zonecast.sink.timing.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** The coordinator of a consumer group, as Kafka's classic protocol has it. */
final class SimGroup {
  private static final long SESSION_NANOS = Duration.ofSeconds(6).toNanos();
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofMillis(50);

  private final Scheduler scheduler;
  private final Trace trace;
  private final String name;
  private final int partitions;
  private final boolean eager;
  private final List<Member> members = new ArrayList<>();
  private final Map<Integer, OffsetAndMetadata> committed = new HashMap<>();
  private int generation;
  private boolean rebalancing;
  private boolean ticks;
  private int rebalances;
  private int expulsions;

  /**
   * @param eager whether members give everything back before each rebalance
   */
  SimGroup(Scheduler scheduler, Trace trace, String name, int partitions, boolean eager) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.name = name;
    this.partitions = partitions;
    this.eager = eager;
  }

  /** One member as the coordinator and its own client know it. */
  static final class Member {
    private final SimProcess process;
    private final Set<Integer> owned = new TreeSet<>();
    private Set<Integer> assigned = Set.of();
    private long heardNanos;
    private boolean joined;
    private boolean hasAssignment;
    private boolean expelled;
    private boolean fenced;

    private Member(SimProcess process) {
      this.process = process;
    }

    Set<Integer> owned() {
      return owned;
    }

    Set<Integer> assigned() {
      return assigned;
    }

    /** Whether its client has learned that the group does not know it any more. */
    boolean isFenced() {
      return fenced;
    }

    boolean hasAssignment() {
      return hasAssignment;
    }

    @Override
    public String toString() {
      return process.toString();
    }
  }

  String name() {
    return name;
  }

  boolean isEager() {
    return eager;
  }

  int rebalances() {
    return rebalances;
  }

  int expulsions() {
    return expulsions;
  }

  private void tickLater() {
    scheduler.after(TICK.toNanos(), null, this::tick);
  }

  private void tick() {
    long now = scheduler.nowNanos();
    for (Member member : List.copyOf(members)) {
      if (!member.process.isDead() && !member.process.isFrozen()) {
        member.heardNanos = now;
      } else if (now - member.heardNanos > SESSION_NANOS) {
        trace.line("group %s expels %s", name, member);
        expulsions++;
        remove(member);
      }
    }
    if (rebalancing && members.stream().allMatch(member -> member.joined)) {
      assign();
    }
    if (members.isEmpty()) {
      ticks = false;
    } else {
      tickLater();
    }
  }

  /** A new member, which still has to join. */
  Member enter(SimProcess process) {
    var member = new Member(process);
    member.heardNanos = scheduler.nowNanos();
    members.add(member);
    rebalance();
    if (!ticks) {
      ticks = true;
      tickLater();
    }
    return member;
  }

  void leave(Member member) {
    if (!member.expelled) {
      trace.line("group %s is left by %s", name, member);
      remove(member);
    }
  }

  private void remove(Member member) {
    member.expelled = true;
    members.remove(member);
    // The client learns of it by a heartbeat, once it is awake.
    scheduler.after(
        0,
        member.process,
        () ->
            scheduler.after(
                scheduler.between(Duration.ZERO, HEARTBEAT),
                member.process,
                () -> member.fenced = true));
    rebalance();
  }

  void rebalance() {
    rebalancing = true;
    members.forEach(member -> member.joined = false);
  }

  /** Whether a member has to join anew. */
  boolean awaits(Member member) {
    return rebalancing && !member.joined && !member.expelled;
  }

  void join(Member member) {
    member.joined = true;
  }

  /** Whether the member's poll has something to do. */
  boolean hasNewsFor(Member member) {
    return member.fenced || member.hasAssignment || awaits(member);
  }

  private void assign() {
    rebalancing = false;
    generation++;
    rebalances++;
    Map<Integer, Member> wanted = members.isEmpty() ? Map.of() : target();
    for (Member member : members) {
      var its = new TreeSet<Integer>();
      wanted.forEach(
          (partition, owner) -> {
            boolean free =
                members.stream().noneMatch(m -> m != owner && m.owned.contains(partition));
            if (owner == member && free) {
              its.add(partition);
            }
          });
      member.assigned = its;
      member.hasAssignment = true;
    }
    trace.line("group %s generation %s: %s", name, generation, wanted);
  }

  private Map<Integer, Member> target() {
    Map<Integer, Member> target = new TreeMap<>();
    boolean sticky = scheduler.random().nextInt(3) > 0;
    List<Integer> numbers = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      numbers.add(partition);
    }
    List<Member> order = new ArrayList<>(members);
    Collections.shuffle(numbers, scheduler.random());
    Collections.shuffle(order, scheduler.random());
    int most = (partitions + members.size() - 1) / members.size();
    Map<Member, Integer> load = new HashMap<>();
    for (int partition : numbers) {
      Member chosen = null;
      for (Member member : order) {
        int its = load.getOrDefault(member, 0);
        if (its < most && (chosen == null || (sticky && member.owned.contains(partition)))) {
          chosen = member;
        }
      }
      if (chosen != null) {
        load.merge(chosen, 1, Integer::sum);
        target.put(partition, chosen);
        Collections.rotate(order, 1);
      }
    }
    return target;
  }

  /** The member's client takes up what it was assigned. */
  void takeUp(Member member) {
    member.hasAssignment = false;
  }

  /** Commits, if the member is one and is not just joining. */
  void commit(Member member, Map<Integer, OffsetAndMetadata> offsets) {
    if (member.expelled) {
      member.fenced = true;
      throw new CommitFailedException("the group does not know this member");
    }
    if (member.joined && (rebalancing || member.hasAssignment)) {
      throw new RebalanceInProgressException("the group is rebalancing");
    }
    committed.putAll(offsets);
  }

  Map<Integer, OffsetAndMetadata> committed() {
    return committed;
  }

  /** The topic was deleted, and with it what was committed of it. */
  void forget() {
    committed.clear();
  }
}
