package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.sink.Verification;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.verify.EntryKind;
import io.zonecast.sink.verify.NodeVerification;
import io.zonecast.sink.verify.VerifyProgress;
import io.zonecast.sink.verify.VerifyReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      "Exits with 3 if something differs, 4 if not everything could be compared, 1 if nothing."
    })
public final class VerifyCommand implements Callable<Integer> {
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

  public VerifyCommand(Console console, CommonOptions common) {
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
    try (ProgressDisplay progress = console.progress("comparing", "%")) {
      progress.expect(100);
      outcome = checked.verification(nodes, new Shown(console, progress)).run(repair);
    }
    if (json) {
      console.answer(json(outcome));
    } else {
      print(outcome);
    }
    return exitCode(outcome.last());
  }

  static int exitCode(VerifyReport report) {
    if (!report.isEqual()) {
      return ExitCode.ANSWER_IS_NO;
    }
    if (report.isEmpty()) {
      return ExitCode.FAILED;
    }
    return report.isComplete() ? ExitCode.DONE : ExitCode.DONE_IN_PART;
  }

  /** The answer in a line. */
  static String headline(VerifyReport report, String topic, boolean repaired) {
    if (report.isEmpty()) {
      return "nothing of the cache could be compared with topic " + topic;
    }
    return "the cache is %s to topic %s%s%s; compared in %s"
        .formatted(
            report.isEqual() ? "equal" : "NOT equal",
            topic,
            report.isComplete() ? "" : ", as far as could be compared",
            repaired ? ", after the repair" : "",
            Figures.time(report.time()));
  }

  private void print(Verification.Outcome outcome) {
    VerifyReport last = outcome.last();
    console.answer(headline(last, common.topic(), outcome.repaired().isPresent()));
    Table table = new Table().column("NODE", Side.LEFT);
    for (EntryKind kind : EntryKind.values()) {
      table.column(kind.name(), Side.RIGHT);
    }
    for (NodeVerification each : last.nodes()) {
      List<@Nullable String> row = new ArrayList<>();
      row.add(each.node());
      for (EntryKind kind : EntryKind.values()) {
        row.add(each.isKnown(kind) ? Figures.count(each.count(kind)) : null);
      }
      table.row(row.toArray(String[]::new));
    }
    table.print(console.out());
    for (NodeVerification each : last.nodes()) {
      if (each.memory() != null) {
        console.answer(each.memory().toString());
      }
      each.examples().forEach(example -> console.answer("  " + each.node() + " " + example));
      complain(each.node(), each.notListed());
      complain(each.node(), each.unreachable());
      if (each.count(EntryKind.BEHIND) > 0) {
        complain(each.node(), "its sink is behind; zonecast lag tells how far");
      }
    }
    last.waiting().forEach(line -> console.say("zonecast: not compared: " + line));
    if (last.unplaced() > 0) {
      console.say(
          "zonecast: "
              + Figures.count(last.unplaced(), "record", "records")
              + " without a zone key belong to no node");
    }
    if (last.misplaced() > 0) {
      console.say(
          "zonecast: %s on another partition than the key's: ignored"
              .formatted(Figures.count(last.misplaced(), "record", "records")));
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
    document.put("equal", report.isEmpty() ? null : Boolean.valueOf(report.isEqual()));
    document.put("complete", report.isComplete());
    document.put("seconds", Figures.seconds(report.time()));
    document.put("unplaced", report.unplaced());
    document.put("misplaced", report.misplaced());
    ArrayNode nodes = document.putArray("nodes");
    for (NodeVerification each : report.nodes()) {
      ObjectNode node = nodes.addObject().put("node", each.node());
      for (EntryKind kind : EntryKind.values()) {
        // What was not looked for is unknown, not 0.
        node.put(
            kind.name().toLowerCase(Locale.ROOT),
            each.isKnown(kind) ? Long.valueOf(each.count(kind)) : null);
      }
      MemoryVerdict memory = each.memory();
      node.put("neededBytes", memory == null ? null : Long.valueOf(memory.neededBytes()));
      node.put("limitBytes", memory == null ? null : Long.valueOf(memory.limitBytes()));
      each.examples().forEach(node.putArray("examples")::add);
      node.put("notListed", each.notListed().isEmpty() ? null : each.notListed());
      node.put("unreachable", each.unreachable().isEmpty() ? null : each.unreachable());
    }
    report.waiting().forEach(document.putArray("waiting")::add);
    return document;
  }

  private record Shown(Console console, ProgressDisplay progress) implements VerifyProgress {
    @Override
    public void progressed(double fraction) {
      progress.reach(Math.round(100 * fraction));
    }

    @Override
    public void waits(String why) {
      console.say("zonecast: the topic cannot be read on: " + why);
    }
  }
}
