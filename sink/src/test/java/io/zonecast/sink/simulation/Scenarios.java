package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.SimLink;
import io.zonecast.sink.cache.SimNode;
import io.zonecast.sink.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Faults in an order that chance hardly ever brings about, each with the times and parts that the
 * seed draws. They are played between the rounds of {@link Faults}, on whatever those have left.
 */
final class Scenarios {
  static final List<String> NAMES =
      List.of(
          "node is emptied behind a connection that is half dead",
          "late bytes bring a record that the log has lost",
          "sink sleeps until its partitions are another's",
          "another list of nodes is rolled out");

  private static final Duration SOON = Duration.ofMillis(300);

  /** A connection is given up after two to three seconds; its bytes arrive a little later. */
  private static final Duration GIVEN_UP = Duration.ofMillis(2_500);

  private static final Duration WAITED_FOR = Duration.ofMillis(4_500);

  /** Members that disagree look at each other every two seconds. */
  private static final Duration DECIDED = Duration.ofSeconds(8);

  private static final Duration LOOKED_AT = Duration.ofSeconds(2);

  /** A process that sleeps for less keeps its connections. */
  private static final Duration A_LEASE = Duration.ofMillis(3_300);

  private final World world;
  private final Faults faults;
  private final Random random;

  Scenarios(World world, Faults faults) {
    this.world = world;
    this.faults = faults;
    this.random = world.scheduler().random();
  }

  /** Plays some of those that end a round: the nodes converge afterwards. */
  void endARound() throws InterruptedException {
    int many = 1 + random.nextInt(3);
    for (int i = 0; i < many; i++) {
      sleep(Duration.ofMillis(500), Duration.ofSeconds(2));
      switch (random.nextInt(4)) {
        case 0 -> loseARecordLate();
        case 1 -> sleepUntilAnotherOwns();
        default -> emptyBehindAConnection();
      }
    }
  }

  private void emptyBehindAConnection() throws InterruptedException {
    List<SimLink> links =
        world.sinks().stream()
            .filter(sink -> !sink.assigned().isEmpty())
            .flatMap(sink -> sink.links().stream())
            .toList();
    if (links.isEmpty()) {
      return;
    }
    SimLink link = any(links);
    SimTable table = world.tableOf(link.session().peer());
    for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
      // What is acknowledged is told by a checkpoint, which will be on its way.
      world.appendTo(table, partition);
    }
    sleep(Duration.ofMillis(3), Duration.ofMillis(60));
    count(0);
    hold(link);
    sleep(Duration.ofSeconds(1), Duration.ofMillis(2_400));
    if (random.nextBoolean()) {
      faults.restart(link.node(), false);
      // Its next owner's marker has the token that a write under way still expects.
      int partition = random.nextInt(table.topic().partitionCount());
      link.node().server().bringBackTokenOf(table.checkpointKey(partition));
    } else {
      faults.flush(link.node());
    }
  }

  private void sleepUntilAnotherOwns() throws InterruptedException {
    SimTable table = any(world.tables());
    if (sinks(table).size() < 2) {
      world.startSink(table);
      sleep(Duration.ofMillis(500), Duration.ofSeconds(2));
    }
    List<SimSink> owners =
        sinks(table).stream().filter(sink -> !sink.assigned().isEmpty()).toList();
    if (owners.isEmpty()) {
      return;
    }
    count(2);
    faults.sleep(any(owners), Duration.ofSeconds(7), Duration.ofSeconds(9));
    sleep(Duration.ofSeconds(7), Duration.ofSeconds(10));
  }

  private void loseARecordLate() throws InterruptedException {
    world.quiet(true);
    sleep(SOON, Duration.ofSeconds(1));
    SimTable table = any(world.tables());
    String key = any(table.keys());
    int partition = table.topic().partitionOf(key);
    SimNode node = world.nodes().get(table.nodeOf(key));
    List<SimLink> owners =
        world.sinks().stream()
            .filter(sink -> sink.table().equals(table) && sink.assigned().contains(partition))
            .flatMap(sink -> sink.links().stream())
            .filter(link -> link.node() == node)
            .toList();
    if (owners.isEmpty()) {
      return;
    }
    hold(any(owners));
    int records = 1 + random.nextInt(2);
    for (int i = 0; i < records; i++) {
      world.append(table, key, true);
    }
    sleep(Duration.ofMillis(20), SOON);
    if (faults.truncate(table, partition, records)) {
      count(1);
    }
  }

  /**
   * Sinks of one table have two lists of nodes for a while, with rebalances in between; the newest
   * member may be killed, one of the old list may start.
   */
  void rollOut() throws InterruptedException {
    SimTable table = any(world.tables());
    int old = world.list(table);
    int members = 2 + random.nextInt(2);
    while (sinks(table).size() < members) {
      world.startSink(table);
    }
    sleep(Duration.ofSeconds(1), Duration.ofSeconds(3));
    List<SimSink> olds = new ArrayList<>(sinks(table));
    world.rollOut(table);
    SimSink newest = world.startSink(table);
    world.trace().line("SCENARIO %s has another list of nodes", newest);
    for (int i = 0; i < 100 && !hasClaimed(newest); i++) {
      if (i % 10 == 9) {
        table.group().rebalance();
      }
      sleep(Duration.ofMillis(50), Duration.ofMillis(150));
    }
    if (hasClaimed(newest)) {
      count(3);
      disagree(table, old, olds, newest);
    }
    world.trace().line("SCENARIO ends");
    olds.forEach(SimSink::kill);
    faults.keepASinkOfEach();
  }

  private void disagree(SimTable table, int old, List<SimSink> olds, SimSink newest)
      throws InterruptedException {
    boolean kills = random.nextInt(3) == 0;
    List<SimSink> late = new ArrayList<>();
    if (!kills && random.nextBoolean()) {
      late.add(world.startSink(table, old));
      world.trace().line("SCENARIO %s starts with the old list", late);
    }
    olds.addAll(late);
    int rebalances = kills ? random.nextInt(3) : 1 + random.nextInt(5);
    for (int i = 0; i < rebalances; i++) {
      sleep(Duration.ofMillis(50), Duration.ofMillis(400));
      table.group().rebalance();
    }
    if (kills) {
      kill(newest);
      return;
    }
    Set<Integer> kept = new TreeSet<>(newest.assigned());
    sleep(DECIDED, DECIDED.plus(SOON));
    // One that starts when no checkpoint names its list any more puts that in force again.
    boolean again = late.stream().anyMatch(its -> !its.foundItsList());
    if (newest.hasEnded() && !again) {
      throw new Violation(Invariant.NEWEST_LIST_STAYS, newest + " has ended");
    }
    kept.retainAll(newest.assigned());
    List<SimSink> staying = olds.stream().filter(its -> !its.hasEnded()).toList();
    if (!kept.isEmpty() && !staying.isEmpty() && !again) {
      throw new Violation(
          Invariant.NEWEST_LIST_STAYS, staying + " go on beside " + newest + " of " + kept);
    }
  }

  /** Whoever claims a partition of its then may sleep before that is filled, or not. */
  private void kill(SimSink newest) throws InterruptedException {
    world.trace().line("SCENARIO %s is killed", newest);
    newest.kill();
    SimSink claimer = world.awaitClaimForAnotherList(DECIDED);
    if (claimer != null && random.nextInt(3) > 0) {
      faults.sleep(claimer, LOOKED_AT, A_LEASE);
    }
    sleep(Duration.ofSeconds(3), Duration.ofSeconds(5));
  }

  private boolean hasClaimed(SimSink sink) {
    SimTable table = sink.table();
    for (SimNode node : world.nodes()) {
      for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
        boolean its =
            node.server()
                .get(table.checkpointKey(partition))
                .flatMap(item -> Checkpoint.decode(item.value()))
                .filter(there -> there.writtenWith().nodes().equals(sink.list()))
                .isPresent();
        if (its) {
          return true;
        }
      }
    }
    return false;
  }

  private List<SimSink> sinks(SimTable table) {
    return world.sinks().stream().filter(sink -> sink.table().equals(table)).toList();
  }

  private void hold(SimLink link) {
    Duration time = Duration.ofNanos(world.scheduler().between(GIVEN_UP, WAITED_FOR));
    world.trace().line("SCENARIO hold %s for %s", link, time);
    world.disturbed(time);
    link.holdFor(time);
  }

  private void count(int name) {
    world.counts().count("fault: " + NAMES.get(name));
  }

  private void sleep(Duration least, Duration most) throws InterruptedException {
    world.scheduler().world().sleep(Duration.ofNanos(world.scheduler().between(least, most)));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
