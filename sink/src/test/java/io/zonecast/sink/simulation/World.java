package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.SimNode;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.timing.Scheduler;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nodes, topics, groups and sinks of one run, and the load on the topics. */
final class World implements AutoCloseable {
  private static final int NODES = 2;
  private static final int PARTITIONS = 2;
  private static final int ROWS = 14;
  private static final Duration SOONEST_RECORD = Duration.ofMillis(5);

  /** So long at most there is no record: in some runs there are more than in others. */
  private static final List<Duration> LATEST_RECORDS =
      List.of(Duration.ofMillis(40), Duration.ofMillis(120), Duration.ofMillis(250));

  private static final Duration FORGIVEN = Duration.ofSeconds(30);

  private static final Duration ASKED_EVERY = Duration.ofMillis(200);

  private final Mutant mutant;
  private final Scheduler scheduler;
  private final Trace trace;
  private final Counts counts = new Counts();
  private final Map<NodeAddress, SimNode> nodes = new LinkedHashMap<>();
  private final Map<NodeAddress, SimNode> names = new LinkedHashMap<>();
  private final Map<SimTable, Integer> lists = new HashMap<>();
  private final Map<String, SimSink> sinksByHost = new HashMap<>();
  private final List<NodeWatch> watches = new ArrayList<>();
  private final List<SimTable> tables = new ArrayList<>();

  /** Another topic, whose sinks have the first table's prefix by mistake. */
  private final SimTable twin;

  private final List<SimSink> sinks = new ArrayList<>();
  private final Map<String, Long> forgivenUntil = new LinkedHashMap<>();
  private final Duration latestRecord;
  private @Nullable SimSink lastClaimer;
  private boolean quiet;
  private long disturbedNanos;
  private long lettersRefusedUntilNanos;
  private int lastPort = 40_000;
  private int lastSink;

  World(long seed, Mutant mutant, @Nullable PrintStream out) {
    this.mutant = mutant;
    this.scheduler = new Scheduler(seed);
    this.trace = new Trace(scheduler, out);
    this.latestRecord = LATEST_RECORDS.get(scheduler.random().nextInt(LATEST_RECORDS.size()));
    for (int i = 0; i < NODES; i++) {
      var node = new SimNode(new NodeAddress("node" + (char) ('a' + i), 11_211), scheduler);
      nodes.put(node.address(), node);
      names.put(node.address(), node);
      watches.add(new NodeWatch(this, node, i));
      node.server().watch(watches.get(i));
      node.server().obey(mutant.at(this, node));
      node.server().set("misc", "not a sink's");
    }
    tables.add(table("zones", "sinks", "zone:"));
    tables.add(table("others", "strangers", "other:"));
    twin = table("twins", "twins", "zone:");
    twin.keys().forEach(key -> twin.topic().append(key, true));
    scheduler.afterStep(() -> watches.forEach(NodeWatch::requireMended));
    appendLater();
    askLater();
  }

  /** Asks every sink how it stands, as an operator's page does. */
  void ask() {
    watches.forEach(watch -> watch.requireHonest(sinks()));
  }

  private void askLater() {
    scheduler.after(
        ASKED_EVERY.toNanos(),
        null,
        () -> {
          ask();
          askLater();
        });
  }

  private SimTable table(String topic, String group, String prefix) {
    boolean eager = scheduler.random().nextInt(3) == 0;
    Placement placement = PlacementScheme.MODULO.place(List.copyOf(nodes.keySet()));
    var keys = new ArrayList<String>();
    for (int i = 0; i < ROWS; i++) {
      keys.add("usps:%03d:%03d".formatted(5 + i / 4, 10 + i));
    }
    return new SimTable(
        new SimTopic(topic, PARTITIONS, scheduler.world()::millis),
        new SimGroup(scheduler, trace, group, PARTITIONS, eager),
        prefix,
        placement,
        List.copyOf(keys));
  }

  Mutant mutant() {
    return mutant;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Trace trace() {
    return trace;
  }

  Counts counts() {
    return counts;
  }

  List<SimNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /** By each name that a list of nodes has for them. */
  Map<NodeAddress, SimNode> nodesByAddress() {
    return names;
  }

  /**
   * Another list of nodes is rolled out for a table: the last node has another name in it, and each
   * row is where it was. Sinks that start from now on have it.
   */
  void rollOut(SimTable table) {
    int number = lists.merge(table, 1, Integer::sum);
    names.put(list(number).get(NODES - 1), nodes().get(NODES - 1));
  }

  int list(SimTable table) {
    return lists.getOrDefault(table, 0);
  }

  private List<NodeAddress> list(int number) {
    List<NodeAddress> list = new ArrayList<>(nodes.keySet());
    if (number > 0) {
      NodeAddress last = list.remove(NODES - 1);
      list.add(new NodeAddress(last.host() + "-" + number, last.port()));
    }
    return List.copyOf(list);
  }

  /** Whose process a connection is. */
  SimSink sinkOf(String peer) {
    return Objects.requireNonNull(sinksByHost.get(peer.substring(0, peer.indexOf(':'))), peer);
  }

  Collection<SimSink> everySink() {
    return sinksByHost.values();
  }

  NodeWatch watchOf(SimNode node) {
    return watches.get(nodes().indexOf(node));
  }

  List<SimTable> tables() {
    return tables;
  }

  List<SimSink> sinks() {
    sinks.removeIf(SimSink::hasEnded);
    return sinks;
  }

  /** Whether a sink is there that could mend something. */
  boolean isServed(SimTable table) {
    return sinks().stream()
        .anyMatch(sink -> sink.table().equals(table) && sink.canRead() && !sink.isStopping());
  }

  int nextPort() {
    return ++lastPort;
  }

  SimSink startSink(SimTable table) {
    return startSink(table, list(table));
  }

  /**
   * @param list the number of its list of nodes
   */
  SimSink startSink(SimTable table, int list) {
    return start(table, list, true);
  }

  SimSink startUnreadingSink(SimTable table) {
    return start(table, list(table), false);
  }

  SimSink startTwin() {
    return start(twin, 0, true);
  }

  void endTwin() {
    sinks().stream().filter(sink -> sink.table().equals(twin)).forEach(SimSink::kill);
  }

  SimTable twin() {
    return twin;
  }

  private SimSink start(SimTable table, int list, boolean canRead) {
    int number = ++lastSink;
    int family = table.equals(twin) ? tables.size() : tables.indexOf(table);
    String host = "10.%d.%d.%d".formatted(family, number / 250, number % 250);
    var sink = new SimSink(this, table, list(list), table + "-" + number, host, canRead);
    sinks.add(sink);
    sinksByHost.put(host, sink);
    sink.start();
    return sink;
  }

  /** Whose sink a connection's other end is. */
  SimTable tableOf(String peer) {
    int family = peer.charAt(3) - '0';
    return family < tables.size() ? tables.get(family) : twin;
  }

  @Nullable SimTable tableWithKey(String key) {
    for (SimTable table : tables) {
      if (key.startsWith(table.prefix())) {
        return table;
      }
    }
    return null;
  }

  /** A sink has claimed a partition that was filled for another list of nodes. */
  void claimedForAnotherList(SimSink by) {
    lastClaimer = by;
  }

  /** Waits for the next such claim, and says whose it is; null if there is none in time. */
  @Nullable SimSink awaitClaimForAnotherList(Duration atMost) throws InterruptedException {
    lastClaimer = null;
    scheduler.world().await(() -> lastClaimer != null, atMost);
    return lastClaimer;
  }

  /** Something goes wrong now: what is being mended may take as long again. */
  void disturbed(Duration goesOnFor) {
    disturbedNanos = Math.max(disturbedNanos, scheduler.nowNanos() + goesOnFor.toNanos());
  }

  long disturbedNanos() {
    return disturbedNanos;
  }

  /**
   * The topic itself has gone back: for a while readers may see what it had.
   *
   * @param lost the first version that it has lost
   */
  void forgive(SimTable table, int partition, long lost) {
    forgivenUntil.put(table + "/" + partition, scheduler.nowNanos() + FORGIVEN.toNanos());
    watches.forEach(watch -> watch.forget(table, partition, lost));
  }

  boolean isForgiven(SimTable table, int partition) {
    Long until = forgivenUntil.get(table + "/" + partition);
    return until != null && until > scheduler.nowNanos();
  }

  private void appendLater() {
    scheduler.after(
        scheduler.between(SOONEST_RECORD, latestRecord),
        null,
        () -> {
          if (!quiet) {
            append(tables.get(scheduler.random().nextInt(4) == 0 ? 1 : 0));
          }
          appendLater();
        });
  }

  private void append(SimTable table) {
    int records = 1 + scheduler.random().nextInt(3);
    for (int i = 0; i < records; i++) {
      String key = table.keys().get(scheduler.random().nextInt(table.keys().size()));
      append(table, key, scheduler.random().nextInt(3) > 0);
    }
  }

  void append(SimTable table, String key, boolean isSet) {
    SimTopic.Rec record = table.topic().append(key, isSet);
    trace.line(
        "%s/%s@%s %s %s",
        table,
        table.topic().partitionOf(key),
        record.offset(),
        key,
        isSet ? "= " + record.version() : "deleted (" + record.version() + ")");
  }

  /** Appends a row to a partition: a live sink learns by it that the log was cut off below. */
  void appendTo(SimTable table, int partition) {
    append(
        table,
        table.keys().stream()
            .filter(key -> table.topic().partitionOf(key) == partition)
            .findFirst()
            .orElseThrow(),
        true);
  }

  /** Appends a record that no sink can ever apply. */
  void appendUnreadable(SimTable table, int partition) {
    SimTopic.Rec record = table.topic().appendUnreadable(partition);
    trace.line("%s/%s@%s cannot be read", table, partition, record.offset());
  }

  /** The topic of the dead letters takes none for a time. */
  void refuseLettersFor(Duration time) {
    lettersRefusedUntilNanos = scheduler.nowNanos() + time.toNanos();
  }

  boolean takesLetters() {
    return lettersRefusedUntilNanos <= scheduler.nowNanos();
  }

  /** From now on no records are appended. */
  void quiet(boolean nowQuiet) {
    quiet = nowQuiet;
  }

  /** Where nodes differ from the topics. */
  List<String> differences() {
    var all = new ArrayList<String>();
    tables.forEach(table -> watches.forEach(watch -> all.addAll(watch.differences(table))));
    for (SimNode node : nodes()) {
      if (node.server().get("misc").isEmpty()) {
        node.server().set("misc", "not a sink's");
      }
    }
    return all;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
