package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.SimLink;
import io.zonecast.sink.cache.SimNode;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.timing.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Everything that goes wrong in a simulated world, each by a draw of the seed. */
final class Faults {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(3);
  private static final Duration A_SESSION = Duration.ofSeconds(6);
  private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(12);
  private static final int MOST_SINKS = 3;
  private static final int[] FREQUENCIES = {1, 2, 2, 2, 12};
  private static final Duration SOONEST = Duration.ofMillis(5);
  private static final Duration BURST = Duration.ofMillis(60);
  private static final List<Duration> LATEST =
      List.of(Duration.ofMillis(250), Duration.ofMillis(800), Duration.ofMillis(2_500));

  /** One fault in so many comes right after another. */
  private static final int BURSTS = 4;

  /** But one in so many, a fault that lasts is followed by another of the same node or table. */
  private static final int FOLLOWED = 4;

  /** So long after it woke a sink may not know that its partitions are another's. */
  private static final Duration UNKNOWING = Duration.ofSeconds(2);

  static final List<String> NAMES =
      List.of(
          "node is flushed",
          "node restarts empty",
          "node restarts with its memory",
          "node is stopped for a while",
          "connection is cut",
          "bytes are held under way",
          "connection is cut with bytes under way",
          "row is evicted",
          "checkpoint is evicted",
          "owners' entry is evicted",
          "sets are refused",
          "sink sleeps a little",
          "sink sleeps longer than its session",
          "sink is killed",
          "sink ends in good order",
          "sink starts",
          "sink starts without its registry",
          "sink of another topic starts with our prefix",
          "group rebalances",
          "transaction begins",
          "transaction is committed",
          "transaction is aborted",
          "record can never be read",
          "no dead letters are taken for a while",
          "topic is compacted",
          "log is truncated",
          "topic is recreated",
          "no sink runs for long",
          "tombstones expire");

  private final World world;
  private final Scheduler scheduler;
  private final Random random;
  private final Map<String, BooleanSupplier> faults = new LinkedHashMap<>();
  private final List<String> drawn = new ArrayList<>();
  private final Duration latest;
  private int rounds;

  Faults(World world) {
    this.world = world;
    this.scheduler = world.scheduler();
    this.random = scheduler.random();
    this.latest = any(LATEST);
    add(4, "node is flushed", this::flush);
    add(2, "node restarts empty", () -> restart(false));
    add(2, "node restarts with its memory", () -> restart(true));
    add(3, "node is stopped for a while", this::stopNode);
    add(5, "connection is cut", this::cut);
    add(8, "bytes are held under way", this::hold);
    add(4, "connection is cut with bytes under way", this::holdAndCut);
    add(5, "row is evicted", this::evictRow);
    add(4, "checkpoint is evicted", this::evictCheckpoint);
    add(4, "owners' entry is evicted", this::evictOwners);
    add(4, "sets are refused", this::refuse);
    add(4, "sink sleeps a little", () -> sleep(SHORT, LONG));
    add(5, "sink sleeps longer than its session", () -> sleep(A_SESSION, LONGER_THAN_A_SESSION));
    add(4, "sink is killed", this::kill);
    add(3, "sink ends in good order", this::stopSink);
    add(6, "sink starts", this::startSink);
    add(2, "sink starts without its registry", this::startUnreading);
    add(3, "sink of another topic starts with our prefix", this::startTwin);
    add(6, "group rebalances", this::rebalance);
    add(8, "transaction begins", this::begin);
    add(8, "transaction is committed", () -> end(true));
    add(6, "transaction is aborted", () -> end(false));
    add(4, "record can never be read", this::appendUnreadable);
    add(3, "no dead letters are taken for a while", this::refuseLetters);
    add(5, "topic is compacted", this::compact);
    add(4, "log is truncated", this::truncate);
    add(1, "topic is recreated", this::recreate);
    add(1, "new topic is accepted", this::acceptNewTopics);
  }

  /** Some are more frequent than others; which, is another in each run. */
  private void add(int weight, String name, BooleanSupplier fault) {
    faults.put(name, fault);
    int often = FREQUENCIES[random.nextInt(FREQUENCIES.length)];
    for (int i = 0; i < weight * often; i++) {
      drawn.add(name);
    }
  }

  /** How long after the last one the next comes: in some runs thick and fast. */
  Duration pause() {
    return anyTime(SOONEST, random.nextInt(BURSTS) == 0 ? BURST : latest);
  }

  /** Lets one of them happen, if it can. */
  void oneMore() {
    world.endTwin();
    String name = drawn.get(random.nextInt(drawn.size()));
    if (faults.get(name).getAsBoolean()) {
      world.counts().count("fault: " + name);
    }
  }

  /** Kills every sink, and says for how long: longer than tombstones live. */
  Duration absence() {
    Duration time = SimTopic.DELETE_RETENTION.plus(anyTime(LONG, LONGER_THAN_A_SESSION));
    tell("no sink runs for %s", time);
    world.counts().count("fault: no sink runs for long");
    world.sinks().forEach(SimSink::kill);
    return time;
  }

  /** Tombstones that no sink has seen are cleaned away. */
  void endOfAbsence() {
    for (SimTable table : world.tables()) {
      for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
        compact(table, partition, table.topic().end(partition));
      }
    }
  }

  /** Ends all that goes on by itself: from here on nothing fails. */
  void heal() {
    world.trace().line("FAULTS END");
    world.endTwin();
    rounds++;
    world
        .nodes()
        .forEach(
            node -> {
              node.goOn();
              node.server().refuseSets(0);
            });
    // The others wake by themselves, in the calm.
    world.sinks().stream()
        .filter(sink -> random.nextBoolean())
        .forEach(sink -> sink.process().wake());
    world.tables().forEach(table -> table.topic().end(true));
    keepASinkOfEach();
  }

  /** Starts a sink for each table that has none; one may have ended by itself. */
  void keepASinkOfEach() {
    for (SimTable table : world.tables()) {
      if (!world.isServed(table)) {
        world.startSink(table);
      }
    }
  }

  /**
   * An operator accepts a topic that is not what the nodes have followed, as {@code rebuild
   * --accept-new-topic} does: sinks that would have to delete much wait for that.
   */
  boolean acceptNewTopics() {
    boolean accepted = false;
    for (SimNode node : world.nodes()) {
      for (SimTable table : world.tables()) {
        for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
          String key = table.checkpointKey(partition);
          boolean other =
              node.server()
                  .get(key)
                  .flatMap(item -> Checkpoint.decode(item.value()))
                  .filter(its -> !its.topicId().equals(table.topic().info().topicId()))
                  .isPresent();
          if (other && node.server().evict(key)) {
            tell("%s: the new topic is accepted", node);
            accepted = true;
          }
        }
      }
    }
    return accepted;
  }

  /** An operator empties nodes that have forgotten whose their entries are. */
  void emptyNodesWithoutOwner() {
    for (SimNode node : world.nodes()) {
      NodeOwners owners = owners(node);
      if (world.tables().stream().anyMatch(table -> owners.of(table.prefix()).isEmpty())) {
        tell("%s has forgotten its owners and is emptied", node);
        node.server().flush();
        world.watchOf(node).wiped();
      }
    }
  }

  private void tell(String what, Object... about) {
    note(what, about);
    world.disturbed(Duration.ZERO);
  }

  /** As {@link #tell}, of what keeps nobody from mending. */
  private void note(String what, Object... about) {
    world.trace().line("FAULT " + what, about);
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Duration anyTime(Duration least, Duration most) {
    return Duration.ofNanos(scheduler.between(least, most));
  }

  private boolean flush() {
    return flush(any(world.nodes()));
  }

  boolean flush(SimNode node) {
    tell("flush %s", node);
    node.server().flush();
    world.watchOf(node).wiped();
    return true;
  }

  /** A second fault meets what the first has begun, as it seldom would by chance. */
  private void follow(SimTable table, SimNode node, Duration from, Duration to) {
    int round = rounds;
    if (random.nextInt(FOLLOWED) == 0) {
      return;
    }
    scheduler.after(
        anyTime(from, to).toNanos(),
        null,
        () -> {
          if (round != rounds) {
            return;
          }
          world.endTwin();
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> restart(node, false);
            case 3 -> rebalance(table);
            case 4 -> startSink(table);
            default -> flush(node);
          }
        });
  }

  private boolean restart(boolean keepsMemory) {
    return restart(any(world.nodes()), keepsMemory);
  }

  boolean restart(SimNode node, boolean keepsMemory) {
    tell("restart %s %s", node, keepsMemory ? "with its memory" : "empty");
    node.server().restart(keepsMemory);
    if (!keepsMemory) {
      world.watchOf(node).wiped();
    }
    links(node).forEach(SimLink::cutSoon);
    return true;
  }

  private List<SimLink> links(SimNode node) {
    return allLinks().stream().filter(link -> link.node() == node).toList();
  }

  private List<SimLink> allLinks() {
    return world.sinks().stream().flatMap(sink -> sink.links().stream()).toList();
  }

  private boolean stopNode() {
    SimNode node = any(world.nodes());
    Duration time = anyTime(SHORT, LONG);
    tell("stop %s for %s", node, time);
    world.disturbed(time);
    node.stopFor(time);
    return true;
  }

  private boolean cut() {
    List<SimLink> links = allLinks();
    if (links.isEmpty()) {
      return false;
    }
    SimLink link = any(links);
    tell("cut %s", link);
    link.cut();
    return true;
  }

  private boolean hold() {
    List<SimLink> links = allLinks();
    if (links.isEmpty()) {
      return false;
    }
    SimLink link = any(links);
    Duration time = anyTime(SHORT, LONG.multipliedBy(2));
    tell("hold %s for %s", link, time);
    world.disturbed(time);
    link.holdFor(time);
    follow(world.tableOf(link.session().peer()), link.node(), Duration.ZERO, time);
    return true;
  }

  private boolean holdAndCut() {
    List<SimLink> links = allLinks().stream().filter(SimLink::hasBytesUnderWay).toList();
    if (links.isEmpty()) {
      return false;
    }
    SimLink link = any(links);
    Duration time = anyTime(Duration.ZERO, LONG);
    tell("cut %s and hold it for %s", link, time);
    world.disturbed(time);
    link.holdFor(time);
    link.cut();
    return true;
  }

  private boolean evictRow() {
    SimTable table = any(world.tables());
    return evict(table.prefix() + any(table.keys()));
  }

  private boolean evictCheckpoint() {
    SimTable table = any(world.tables());
    int partition = random.nextInt(table.topic().partitionCount());
    return evict(table.checkpointKey(partition));
  }

  private boolean evictOwners() {
    return evict(NodeOwners.KEY);
  }

  private boolean evict(String key) {
    SimNode node = any(world.nodes());
    if (node.server().get(key).isEmpty()) {
      return false;
    }
    tell("evict %s from %s", key, node);
    return node.server().evict(key);
  }

  private boolean refuse() {
    SimNode node = any(world.nodes());
    tell("%s refuses sets", node);
    node.server().refuseSets(1 + random.nextInt(3));
    return true;
  }

  private boolean sleep(Duration least, Duration most) {
    if (world.sinks().isEmpty()) {
      return false;
    }
    SimSink sink = any(world.sinks());
    Duration time = sleep(sink, least, most);
    follow(sink.table(), any(world.nodes()), time, time.plus(UNKNOWING));
    return true;
  }

  /** Stops a sink's process, and says for how long. */
  Duration sleep(SimSink sink, Duration least, Duration most) {
    Duration time = anyTime(least, most);
    tell("%s sleeps for %s", sink, time);
    world.disturbed(time);
    sink.process().freezeFor(time);
    // Whoever had asked meanwhile is answered before the others have had a turn.
    world.scheduler().after(time.toNanos(), null, world::ask);
    return time;
  }

  private boolean kill() {
    if (world.sinks().isEmpty()) {
      return false;
    }
    SimSink sink = any(world.sinks());
    tell("%s is killed", sink);
    world.disturbed(LONG.multipliedBy(3));
    sink.kill();
    return true;
  }

  private boolean stopSink() {
    if (world.sinks().isEmpty()) {
      return false;
    }
    SimSink sink = any(world.sinks());
    tell("%s ends", sink);
    sink.stop();
    return true;
  }

  private boolean startSink() {
    return startSink(any(world.tables()));
  }

  private boolean startSink(SimTable table) {
    if (world.sinks().stream().filter(sink -> sink.table().equals(table)).count() >= MOST_SINKS) {
      return false;
    }
    tell("%s starts", world.startSink(table));
    return true;
  }

  /** One that can read no row, beside those that can. */
  private boolean startUnreading() {
    SimTable table = any(world.tables());
    if (!table.topic().hasRows() || world.sinks().stream().anyMatch(sink -> !sink.canRead())) {
      return false;
    }
    tell("%s starts without its registry", world.startUnreadingSink(table));
    return true;
  }

  /** Whose nodes these are their owners' entry says; where that is missing, nobody could tell. */
  private boolean startTwin() {
    boolean recorded =
        world.nodes().stream()
            .allMatch(
                node ->
                    !node.server().refusesSets()
                        && owners(node).of(world.tables().get(0).prefix()).isPresent());
    if (recorded) {
      note("%s starts", world.startTwin());
    }
    return recorded;
  }

  private static NodeOwners owners(SimNode node) {
    return node.server()
        .get(NodeOwners.KEY)
        .flatMap(item -> NodeOwners.decode(item.value()))
        .orElse(NodeOwners.NONE);
  }

  private boolean rebalance() {
    return rebalance(any(world.tables()));
  }

  private boolean rebalance(SimTable table) {
    tell("%s rebalances", table);
    table.group().rebalance();
    return true;
  }

  private boolean begin() {
    SimTable table = any(world.tables());
    if (table.topic().isInTransaction()) {
      return false;
    }
    note("%s: a transaction begins", table);
    table.topic().begin();
    return true;
  }

  private boolean end(boolean commits) {
    SimTable table = any(world.tables());
    if (!table.topic().isInTransaction()) {
      return false;
    }
    note("%s: the transaction is %s", table, commits ? "committed" : "aborted");
    table.topic().end(commits);
    return true;
  }

  private boolean appendUnreadable() {
    SimTable table = any(world.tables());
    world.appendUnreadable(table, random.nextInt(table.topic().partitionCount()));
    return true;
  }

  private boolean refuseLetters() {
    Duration time = anyTime(SHORT, LONG);
    note("no dead letters are taken for %s", time);
    world.refuseLettersFor(time);
    return appendUnreadable();
  }

  private boolean compact() {
    SimTable table = any(world.tables());
    int partition = random.nextInt(table.topic().partitionCount());
    return compact(table, partition, table.topic().end(partition) - random.nextInt(8));
  }

  private boolean compact(SimTable table, int partition, long upTo) {
    int[] gone = table.topic().compact(partition, upTo);
    note("%s/%s is compacted to %s: %s go", table, partition, upTo, gone[0]);
    if (gone[1] > 0) {
      world.counts().count("fault: tombstones expire");
    }
    return gone[0] > 0;
  }

  private boolean truncate() {
    SimTable table = any(world.tables());
    int partition = random.nextInt(table.topic().partitionCount());
    return truncate(table, partition, 1 + random.nextInt(5));
  }

  /** A leader is elected that lacks the last records; whether that was possible. */
  boolean truncate(SimTable table, int partition, int records) {
    long lost = table.topic().truncate(partition, records);
    if (lost == 0) {
      return false;
    }
    tell("%s/%s is truncated to %s", table, partition, table.topic().end(partition));
    world.forgive(table, partition, lost);
    world.appendTo(table, partition);
    return true;
  }

  private boolean recreate() {
    SimTable table = any(world.tables());
    tell("%s is recreated", table);
    // One that can read nothing begins where a topic has no rows, and stays in the way.
    world.sinks().stream().filter(sink -> !sink.canRead()).forEach(SimSink::kill);
    table.topic().recreate();
    table.group().forget();
    for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
      world.forgive(table, partition, 0);
    }
    world.nodes().forEach(node -> world.watchOf(node).recreated(table));
    return true;
  }
}
