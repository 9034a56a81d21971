package io.zonecast.app.command;

import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.lag.CacheNodes;
import io.zonecast.sink.lag.Group;
import io.zonecast.sink.lag.LagProbe;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.rebuild.CheckpointRemoval;
import io.zonecast.sink.rebuild.PrefixRemoval;
import io.zonecast.sink.rebuild.TakeOver;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.Watermarks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
public final class RebuildCommand implements Callable<Integer> {
  private static final String NOTHING_DONE = "nothing was done";

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

  public RebuildCommand(Console console, CommonOptions common, Shutdown shutdown) {
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
    if (dropped != null && (takeOver || flush || settings.layout().keyPrefix().equals(dropped))) {
      problems.add(
          "--drop-prefix \"%s\": give it alone, and a prefix other than --key-prefix \"%s\""
              .formatted(dropped, settings.layout().keyPrefix()));
    }
    if (flush && strictMemory) {
      problems.add(
          "--strict-memory leaves a node that is too small as it is, which --flush has emptied"
              + " before anybody counts: use one of them");
    }
    problems.throwIfAny();

    KafkaReach.ask(common, console);
    KafkaClients kafka = new KafkaClients(common.kafka(), "rebuild");
    RebuildAnswer answer = new RebuildAnswer(console, json, System::nanoTime);
    try (Admin admin = kafka.admin()) {
      TopicInfo topic = ZoneTopic.check(admin, common.topic(), checked.partitions());
      Claimant us = checked.settings().claimant(topic);
      OwnerCheck owners = checked.settings().ownerCheck(topic);
      if (dropped != null) {
        return drop(nodes, new PrefixRemoval(us, ConnectionSettings.DEFAULT), dropped, answer);
      }
      TakeOver takeOvers = new TakeOver(us, owners, ConnectionSettings.DEFAULT);
      List<NodeAddress> taken = takeOver ? formers(takeOvers, nodes) : List.of();
      if (!taken.isEmpty() && !confirms("Take them over for " + us.owner() + "?")) {
        return answer.refused(nodes, NOTHING_DONE);
      }
      if (flush
          && !confirms("This empties " + names(nodes) + ", other people's entries too. Go on?")) {
        return answer.refused(nodes, NOTHING_DONE);
      }
      Map<Integer, Long> watermarks = Watermarks.of(admin, topic, EndOffsets::high);
      boolean running = Group.of(admin, settings.group()).members() > 0;
      List<NodeAddress> own = new ArrayList<>(nodes);
      own.removeAll(taken);
      // First what may be refused: then nothing has been taken over.
      Optional<NodeAddress> foreign =
          forget(own, new CheckpointRemoval(us, owners, ConnectionSettings.DEFAULT));
      if (foreign.isPresent()) {
        return answer.refused(
            nodes,
            ("node %s was written from another topic named %s; rows that this one does not have"
                    + " would go: add --accept-new-topic if that is right")
                .formatted(foreign.get(), topic.name()));
      }
      for (NodeAddress each : taken) {
        takeOvers.take(each);
      }
      if (running && noWait) {
        answer.forgotten(nodes, names(nodes) + ": the running sinks fill what they forgot");
        return ExitCode.DONE;
      }
      CacheNodes look =
          new CacheNodes(nodes, settings.group(), topic.name(), settings.writtenWith());
      LagProbe lag = new LagProbe(admin, kafka::reader, topic.name(), settings.group(), look);
      FillWait fillWait =
          new FillWait(
              look,
              topic.topicId(),
              watermarks,
              new StallNotice(() -> lag.look(false), console::say, System::nanoTime));
      MemoryRefusal refusal = new MemoryRefusal();
      List<NodeLag> filled;
      try (ProgressDisplay progress = console.progress("rebuilding", "partitions of nodes")) {
        filled =
            running
                ? fillWait.watch(progress, () -> Group.of(admin, settings.group()).members() > 0)
                : fillWait.run(
                    progress,
                    checked.strict(strictMemory).sink(strictMemory ? refusal : new SilentEvents()),
                    refusal,
                    shutdown);
      } catch (MemoryRefusal.NodeTooSmallException e) {
        return answer.refused(nodes, "nothing was filled there: " + e.getMessage());
      }
      answer.rebuilt(filled, running);
      return ExitCode.DONE;
    }
  }

  private boolean confirms(String question) {
    return yes || console.confirms(question);
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

  /** The nodes to take over; prints each with its former owner. */
  private List<NodeAddress> formers(TakeOver takeOvers, List<NodeAddress> nodes)
      throws IOException {
    List<NodeAddress> formers = new ArrayList<>();
    for (NodeAddress each : nodes) {
      takeOvers
          .look(each)
          .ifPresent(
              former -> {
                formers.add(each);
                console.say(
                    "zonecast: node %s: %s of %s"
                        .formatted(each, RebuildAnswer.count(former.entries()), former.claim()));
              });
    }
    return formers;
  }

  private int drop(
      List<NodeAddress> nodes, PrefixRemoval removal, String prefix, RebuildAnswer answer)
      throws IOException {
    for (NodeAddress each : nodes) {
      removal.require(each, prefix);
    }
    if (!confirms(
        "This removes our entries under \"%s\" from %s. Go on?".formatted(prefix, names(nodes)))) {
      return answer.refused(nodes, NOTHING_DONE);
    }
    Map<NodeAddress, Long> removed = new LinkedHashMap<>();
    for (NodeAddress each : nodes) {
      removed.put(each, removal.remove(each, prefix));
    }
    answer.dropped(prefix, removed);
    return ExitCode.DONE;
  }

  private static String names(List<NodeAddress> nodes) {
    return nodes.stream().map(NodeAddress::toString).collect(Collectors.joining(", "));
  }
}
