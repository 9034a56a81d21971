package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.ingest.publish.Change;
import io.zonecast.ingest.publish.ChangeListing;
import io.zonecast.ingest.publish.ChangesCsv;
import io.zonecast.ingest.publish.NoSuchPublishException;
import io.zonecast.ingest.publish.Plan;
import io.zonecast.ingest.publish.PublishLog;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.publishes.PublishEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Lists who published what and when, or what one publish changed.",
    footer = {
      "",
      "Example:  zonecast history 5f1d0c9a7b3e2468 --list changes.csv",
      "Exits with 3 if the log does not hold the publish."
    })
public final class HistoryCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "A publish, as the list names it (all).")
  private @Nullable String id;

  @Mixin private final CommonOptions common;

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description = "Writes every change of ID there, as CSV.",
      order = 1)
  private @Nullable Path list;

  @Option(names = "--json", description = "Prints one JSON document.", order = 2)
  private boolean json;

  public HistoryCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws IOException, NoSuchPublishException {
    Problems problems = new Problems();
    common.check(problems);
    if (list != null && id == null) {
      problems.add("--list %s: lists the changes of one publish; give its ID".formatted(list));
    }
    problems.throwIfAny();

    KafkaReach.ask(common, console);
    PublishLog log =
        new PublishLog(KafkaClients.ofPublishing(common.kafka(), "history"), common.topic());
    if (id == null) {
      listAll(log.summaries());
    } else {
      show(log, id);
    }
    return ExitCode.DONE;
  }

  private void listAll(List<PublishSummary> oldestFirst) {
    List<PublishEntry> entries =
        new ArrayList<>(oldestFirst.stream().map(PublishEntry::new).toList());
    Collections.reverse(entries);
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("topic", common.topic());
      ArrayNode publishes = document.putArray("publishes");
      entries.forEach(entry -> entry.json(publishes.addObject()));
      console.answer(document);
    } else if (entries.isEmpty()) {
      console.say(
          "zonecast: topic %s: no publish is in the log %s"
              .formatted(common.topic(), ZoneTopic.publishesOf(common.topic())));
    } else {
      Table table =
          new Table()
              .column("TIME", Side.LEFT)
              .column("USER", Side.LEFT)
              .column("FILE", Side.LEFT)
              .column("ADDED", Side.RIGHT)
              .column("CHANGED", Side.RIGHT)
              .column("REMOVED", Side.RIGHT)
              .column("NOTE", Side.LEFT)
              .column("ID", Side.LEFT);
      for (PublishEntry entry : entries) {
        table.row(
            entry.time(),
            entry.user(),
            entry.what(),
            Figures.count(entry.summary().getAdded()),
            Figures.count(entry.summary().getChanged()),
            Figures.count(entry.summary().getRemoved()),
            entry.note(),
            entry.id());
      }
      table.print(console.out());
    }
  }

  private void show(PublishLog log, String publish) throws IOException, NoSuchPublishException {
    List<Change> first = new ArrayList<>();
    PublishEntry entry;
    if (list == null) {
      entry = new PublishEntry(log.changes(publish, sampling(first, ChangeListing.NONE)));
    } else {
      try (ReplacedFile listing = ReplacedFile.at(list, "--list")) {
        try (ChangesCsv changes = new ChangesCsv(listing.writer())) {
          entry = new PublishEntry(log.changes(publish, sampling(first, changes)));
        }
        listing.keep();
      }
    }
    if (json) {
      ObjectNode document = entry.json(JsonNodeFactory.instance.objectNode());
      PublishAnswer.changes(document.putArray("changes"), first);
      console.answer(document);
      return;
    }
    console.answer(entry.line() + (entry.note() == null ? "" : ": " + entry.note()));
    console.answer(entry.counts());
    first.forEach(change -> console.answer("  " + change));
    PublishAnswer.more(
        console, entry.summary().getChanged() + entry.summary().getRemoved() - first.size(), list);
    if (entry.summary().getAdded() > 0) {
      console.answer("  the log does not list added rows; their records name the publish");
    }
  }

  private static ChangeListing sampling(List<Change> first, ChangeListing all) {
    return change -> {
      if (first.size() < Plan.SAMPLE) {
        first.add(change);
      }
      all.add(change);
    };
  }
}
