package io.zonecast.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.Progress;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.OwnerChecks;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.Group;
import io.zonecast.sink.lag.HighWatermarks;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.rebuild.CheckpointRemoval;
import io.zonecast.sink.rebuild.PrefixRemoval;
import io.zonecast.sink.rebuild.TakeOver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Has nodes filled again from the topic.",
    footer = {
      "",
      "Example:  zonecast rebuild --node cache2:11211",
      "Running sinks do the work; without any, this command does, as one of their",
      "group. What the nodes hold stays readable meanwhile, unless --flush empties them."
    })
final class RebuildCommand implements Callable<Integer> {
  private final Console console;
  private final Shutdown shutdown;

  @Mixin private final SinkOptions options = new SinkOptions();

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Mixin private final CommonOptions common;

  @Option(
      names = "--node",
      paramLabel = "H:P",
      description = "Only this one of --memcached (all).",
      order = 1)
  private @Nullable String node;

  @Option(
      names = "--flush",
      description = "Empty the nodes first, of everybody's entries.",
      order = 2)
  private boolean flush;

  @Option(names = "--yes", description = "Do not ask.", order = 3)
  private boolean yes;

  @Option(
      names = "--accept-new-topic",
      description = "Even if the topic was made anew since.",
      order = 4)
  private boolean acceptNewTopic;

  @Option(names = "--no-wait", description = "Do not watch running sinks refill.", order = 5)
  private boolean noWait;

  @Option(
      names = "--strict-memory",
      description = "Do not fill a node that is too small.",
      order = 6)
  private boolean strictMemory;

  @Option(names = "--take-over", description = "Make nodes of another owner ours.", order = 7)
  private boolean takeOver;

  @Option(
      names = "--drop-prefix",
      paramLabel = "OLD",
      description = "Only remove our entries under a former prefix.",
      order = 8)
  private @Nullable String dropped;

  @Option(names = "--json", description = "Prints one JSON document.", order = 9)
  private boolean json;

  RebuildCommand(Console console, CommonOptions common, Shutdown shutdown) {
    this.console = console;
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    CacheSettings settings = cache.read(common, problems);
    SinkOptions.Checked checked = options.check(common, settings, false, problems);
    List<NodeAddress> nodes = settings.chosen(node, problems);
    if (flush && !yes && !console.canAsk()) {
      problems.add("--flush empties other people's entries too; add --yes to say that it may");
    }
    if ((takeOver || dropped != null) && !yes && !console.canAsk()) {
      problems.add(
          (takeOver ? "--take-over ends another sink's cache" : "--drop-prefix removes entries")
              + "; add --yes to say that it may");
    }
    if (takeOver && flush) {
      problems.add(
          "--take-over remembers who still writes, which --flush forgets: use one of them");
    }
    if (dropped != null && (takeOver || flush || settings.keyPrefix().equals(dropped))) {
      problems.add(
          "--drop-prefix \"%s\": give it alone, and a prefix other than --key-prefix \"%s\""
              .formatted(dropped, settings.keyPrefix()));
    }
    if (flush && strictMemory) {
      problems.add(
          "--strict-memory leaves a node that is too small as it is, which --flush has emptied"
              + " before anybody counts: use one of them");
    }
    problems.throwIfAny();

    KafkaReach.ask(common, console);
    KafkaClients kafka = new KafkaClients(common.kafka(), "rebuild");
    long startNanos = System.nanoTime();
    try (Admin admin = kafka.admin()) {
      TopicInfo topic = ZoneTopic.check(admin, common.topic(), checked.partitions());
      Claimant us = OwnerChecks.claimant(checked.settings(), topic);
      OwnerCheck owners = OwnerChecks.of(checked.settings(), topic);
      if (dropped != null) {
        return drop(nodes, us, dropped, startNanos);
      }
      List<NodeAddress> taken = List.of();
      if (takeOver) {
        TakeOver takeOvers = new TakeOver(us, owners, ConnectionSettings.DEFAULT);
        List<TakeOver.Former> formers = formers(takeOvers, nodes);
        if (!formers.isEmpty()
            && !yes
            && !console.confirms("Take them over for " + us.owner() + "?")) {
          return refused(nodes, "nothing was done", startNanos);
        }
        taken = formers.stream().map(TakeOver.Former::node).toList();
        for (NodeAddress each : taken) {
          takeOvers.take(each);
        }
      }
      if (flush
          && !yes
          && !console.confirms(
              "This empties " + names(nodes) + ", other people's entries too. Go on?")) {
        return refused(nodes, "nothing was done", startNanos);
      }
      Map<Integer, Long> watermarks = HighWatermarks.of(admin, topic);
      boolean running = Group.of(admin, settings.group()).members() > 0;
      List<NodeAddress> own = new ArrayList<>(nodes);
      own.removeAll(taken);
      Optional<NodeAddress> foreign =
          forget(own, new CheckpointRemoval(us, owners, ConnectionSettings.DEFAULT));
      if (foreign.isPresent()) {
        return refused(
            nodes,
            ("node %s was written from another topic named %s; rows that this one does not have"
                    + " would go: add --accept-new-topic if that is right")
                .formatted(foreign.get(), topic.name()),
            startNanos);
      }
      if (running && noWait) {
        console.say("zonecast: " + names(nodes) + ": the running sinks fill what they forgot");
        document("FORGOTTEN", true, nodes, null, startNanos);
        return ExitCode.DONE;
      }
      CacheNodes look =
          new CacheNodes(nodes, settings.group(), topic.name(), settings.writtenWith());
      LagProbe lag = new LagProbe(admin, kafka::reader, topic.name(), settings.group(), look);
      Refill refill =
          new Refill(
              look,
              topic.topicId(),
              watermarks,
              new Standstill(() -> lag.look(false), console::say, System::nanoTime));
      MemoryRefusal refusal = new MemoryRefusal();
      List<NodeLag> filled;
      try (Progress progress = console.progress("rebuilding", "partitions of nodes")) {
        filled =
            running
                ? refill.watch(progress, () -> Group.of(admin, settings.group()).members() > 0)
                : refill.run(
                    progress,
                    checked.strict(strictMemory).sink(strictMemory ? refusal : new SilentEvents()),
                    refusal,
                    shutdown);
      } catch (MemoryRefusal.NodeTooSmallException e) {
        return refused(nodes, "nothing was filled there: " + e.getMessage(), startNanos);
      }
      answer(filled, running, Duration.ofNanos(System.nanoTime() - startNanos));
      return ExitCode.DONE;
    }
  }

  /**
   * Makes the nodes forget how far they have got, unless one of them was written from another topic
   * of this name: that one is returned, and none has forgotten anything.
   */
  private Optional<NodeAddress> forget(List<NodeAddress> nodes, CheckpointRemoval removal)
      throws IOException {
    if (removal.remove(nodes, acceptNewTopic, flush)
        instanceof CheckpointRemoval.Outcome.OfAnotherTopic other) {
      return Optional.of(other.node());
    }
    if (flush) {
      for (NodeAddress each : nodes) {
        try (NodeConnection connection = NodeConnection.open(each, ConnectionSettings.DEFAULT)) {
          connection.flushAll();
        }
      }
    }
    return Optional.empty();
  }

  /** The nodes that are to be taken over, each said with its former owner. */
  private List<TakeOver.Former> formers(TakeOver takeOvers, List<NodeAddress> nodes)
      throws IOException {
    List<TakeOver.Former> formers = new ArrayList<>();
    for (NodeAddress each : nodes) {
      takeOvers.look(each).ifPresent(formers::add);
    }
    for (TakeOver.Former former : formers) {
      console.say(
          "zonecast: node %s: %s of %s"
              .formatted(
                  former.node(),
                  Figures.count(former.entries(), "entry", "entries"),
                  former.claim()));
    }
    return formers;
  }

  private int drop(List<NodeAddress> nodes, Claimant us, String prefix, long startNanos)
      throws IOException {
    PrefixRemoval removal = new PrefixRemoval(us, ConnectionSettings.DEFAULT);
    for (NodeAddress each : nodes) {
      removal.require(each, prefix);
    }
    if (!yes
        && !console.confirms(
            "This removes our entries under \"%s\" from %s. Go on?"
                .formatted(prefix, names(nodes)))) {
      return refused(nodes, "nothing was done", startNanos);
    }
    ObjectNode document =
        document("DROPPED", false, Duration.ofNanos(System.nanoTime() - startNanos));
    ArrayNode list = document.putArray("nodes");
    for (NodeAddress each : nodes) {
      long removed = removal.remove(each, prefix);
      list.addObject().put("node", each.toString()).putNull("state").put("entries", removed);
      if (!json) {
        console.answer(
            "removed %s under \"%s\" from %s"
                .formatted(Figures.count(removed, "entry", "entries"), prefix, each));
      }
    }
    if (json) {
      console.answer(document);
    }
    return ExitCode.DONE;
  }

  private int refused(List<NodeAddress> nodes, String reason, long startNanos) {
    console.say("zonecast: " + reason);
    document("REFUSED", false, nodes, reason, startNanos);
    return ExitCode.ANSWER_IS_NO;
  }

  /**
   * The answer where nothing was waited for, with {@code --json}: of the nodes nothing is known.
   */
  private void document(
      String outcome,
      boolean bySinks,
      List<NodeAddress> nodes,
      @Nullable String reason,
      long startNanos) {
    if (json) {
      ObjectNode document =
          document(outcome, bySinks, Duration.ofNanos(System.nanoTime() - startNanos));
      document.put("reason", reason);
      ArrayNode list = document.putArray("nodes");
      nodes.forEach(
          each ->
              list.addObject().put("node", each.toString()).putNull("state").putNull("entries"));
      console.answer(document);
    }
  }

  private static ObjectNode document(String outcome, boolean bySinks, Duration time) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("outcome", outcome)
        .put("seconds", Figures.seconds(time))
        .put("byRunningSinks", bySinks);
  }

  private void answer(List<NodeLag> filled, boolean bySinks, Duration time) {
    if (!json) {
      console.answer(
          "rebuilt %s in %s: %s"
              .formatted(
                  filled.stream().map(NodeLag::node).collect(Collectors.joining(", ")),
                  Figures.time(time),
                  filled.stream()
                      .map(
                          each ->
                              each.entries() == null
                                  ? "-"
                                  : Figures.count(each.entries(), "entry", "entries"))
                      .collect(Collectors.joining(", "))));
      return;
    }
    ObjectNode document = document("REBUILT", bySinks, time);
    ArrayNode list = document.putArray("nodes");
    for (NodeLag each : filled) {
      list.addObject()
          .put("node", each.node())
          .put("state", each.state().name())
          .put("entries", each.entries());
    }
    console.answer(document);
  }

  private static String names(List<NodeAddress> nodes) {
    return nodes.stream().map(NodeAddress::toString).collect(Collectors.joining(", "));
  }
}
