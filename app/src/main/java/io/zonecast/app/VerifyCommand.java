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
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.sink.Verification;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.verify.NodeVerification;
import io.zonecast.sink.verify.VerifyProgress;
import io.zonecast.sink.verify.VerifyReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Compares every node with the topic, entry by entry.",
    footer = {
      "",
      "Example:  zonecast verify --repair",
      "Exits with 3 if something differs, with 4 if not everything could be compared."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final SinkOptions options = new SinkOptions();

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Mixin private final CommonOptions common;

  @Option(
      names = "--node",
      paramLabel = "H:P",
      description = "Only this one of --memcached (all).",
      order = 1)
  private @Nullable String node;

  @Option(names = "--repair", description = "Mend what differs, and compare again.", order = 2)
  private boolean repair;

  @Option(names = "--json", description = "Prints one JSON document.", order = 3)
  private boolean json;

  VerifyCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    CacheSettings settings = cache.read(common, problems);
    SinkOptions.Checked checked = options.check(common, settings, false, problems);
    List<NodeAddress> nodes = settings.chosen(node, problems);
    problems.throwIfAny();

    KafkaReach.ask(common, console);
    Verification.Outcome outcome;
    try (Progress progress = console.progress("comparing", "%")) {
      progress.expect(100);
      outcome = checked.verification(nodes, new Shown(console, progress)).run(repair);
    }
    if (json) {
      console.answer(json(outcome));
    } else {
      print(outcome);
    }
    VerifyReport last = outcome.last();
    if (!last.isEqual()) {
      return ExitCode.ANSWER_IS_NO;
    }
    return last.isComplete() ? ExitCode.DONE : ExitCode.DONE_IN_PART;
  }

  private void print(Verification.Outcome outcome) {
    VerifyReport last = outcome.last();
    String verdict = last.isEqual() ? "equal" : "NOT equal";
    console.answer(
        "the cache is %s to topic %s%s%s; compared in %s"
            .formatted(
                verdict,
                common.topic(),
                last.isComplete() ? "" : ", as far as could be compared",
                outcome.repaired().isPresent() ? ", after the repair" : "",
                Figures.time(last.time())));
    Table table = new Table().column("NODE", Side.LEFT);
    for (String count :
        List.of("CHECKED", "MISSING", "DIFFERENT", "ORPHANED", "FOREIGN", "UNREADABLE")) {
      table.column(count, Side.RIGHT);
    }
    for (NodeVerification each : last.nodes()) {
      boolean listed = each.notListed().isEmpty();
      table.row(
          each.node(),
          Figures.count(each.checked()),
          Figures.count(each.missing()),
          Figures.count(each.different()),
          listed ? Figures.count(each.orphaned()) : null,
          listed ? Figures.count(each.foreign()) : null,
          Figures.count(each.unreadable()));
    }
    table.print(console.out());
    for (NodeVerification each : last.nodes()) {
      if (each.memory() != null) {
        console.answer(each.memory().toString());
      }
      each.examples().forEach(example -> console.answer("  " + each.node() + " " + example));
      complain(each.node(), each.notListed());
      complain(each.node(), each.unreachable());
    }
    last.waiting().forEach(line -> console.say("zonecast: not compared: " + line));
    if (last.unplaced() > 0) {
      console.say(
          "zonecast: "
              + Figures.count(last.unplaced(), "record", "records")
              + " without a zone key belong to no node");
    }
  }

  private void complain(String at, String reason) {
    if (!reason.isEmpty()) {
      console.say("zonecast: node " + at + ": not everything was compared: " + reason);
    }
  }

  private static ObjectNode json(Verification.Outcome outcome) {
    ObjectNode document = json(outcome.last());
    document.put("repaired", outcome.repaired().isPresent());
    if (outcome.repaired().isPresent()) {
      document.set("found", json(outcome.found()));
    }
    return document;
  }

  private static ObjectNode json(VerifyReport report) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("equal", report.isEqual());
    document.put("complete", report.isComplete());
    document.put("seconds", Figures.seconds(report.time()));
    document.put("unplaced", report.unplaced());
    ArrayNode nodes = document.putArray("nodes");
    for (NodeVerification each : report.nodes()) {
      ObjectNode node =
          nodes
              .addObject()
              .put("node", each.node())
              .put("checked", each.checked())
              .put("missing", each.missing())
              .put("different", each.different());
      // What was not looked for is unknown, not 0.
      boolean listed = each.notListed().isEmpty();
      node.put("orphaned", listed ? Long.valueOf(each.orphaned()) : null);
      node.put("foreign", listed ? Long.valueOf(each.foreign()) : null);
      node.put("unreadable", each.unreadable());
      MemoryVerdict memory = each.memory();
      node.put("neededBytes", memory == null ? null : Long.valueOf(memory.neededBytes()));
      node.put("limitBytes", memory == null ? null : Long.valueOf(memory.limitBytes()));
      each.examples().forEach(node.putArray("examples")::add);
      node.put("notListed", listed ? null : each.notListed());
      node.put("unreachable", each.unreachable().isEmpty() ? null : each.unreachable());
    }
    report.waiting().forEach(document.putArray("waiting")::add);
    return document;
  }

  private record Shown(Console console, Progress progress) implements VerifyProgress {
    @Override
    public void progressed(double fraction) {
      progress.reach(Math.round(100 * fraction));
    }

    @Override
    public void heldBack(String who) {
      console.say("zonecast: the topic is held back by an open transaction of " + who);
    }
  }
}
