package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.DurationConverter;
import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.StreamGroupOption;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.stream.NewUpdates;
import io.zonecast.ingest.stream.UpdateSender;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Asks for a change, or for those of a file: \"zonecast stream\" makes them.",
    footer = {
      "",
      "Example:  zonecast update usps 005 010 4 --wait",
      "Exits with 3 if the file has bad rows, with 4 if the cache does not have it in time."
    })
public final class UpdateCommand implements Callable<Integer> {
  private static final int BATCH_ROWS = 1_000;
  private static final int KEY_PARTS = 3;

  private final Console console;

  @Parameters(
      arity = "0..4",
      paramLabel = "CARRIER ORIGIN DEST ZONE",
      hideParamSyntax = true,
      description = "The pair and its zone; with --delete no zone.")
  private List<String> words = List.of();

  @Option(names = "--delete", description = "The pair has no zone any more.", order = 1)
  private boolean delete;

  @Option(
      names = "--file",
      paramLabel = "CSV",
      description = "All changes of a file, as publish --delta takes it.",
      order = 2)
  private @Nullable Path file;

  @Option(
      names = "--wait",
      description = "Until the cache has it; says after how many ms.",
      order = 3)
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "30s",
      description = "How long to wait (30s).",
      order = 4)
  private Duration timeout = Duration.ZERO;

  @Option(names = "--flags", paramLabel = "TEXT", description = "The carrier's marks.", order = 5)
  private @Nullable String flags;

  @Option(
      names = "--effective-date",
      paramLabel = "DATE",
      description = "As 2026-01-31.",
      order = 6)
  private @Nullable String effectiveDate;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who asks (you).",
      order = 7)
  private String by = "";

  @Option(names = "--json", description = "Prints one JSON document.", order = 8)
  private boolean json;

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Mixin private final TopicOptions topic = new TopicOptions();

  @Mixin private final StreamGroupOption streamGroup = new StreamGroupOption();

  @Mixin private final CommonOptions common;

  public UpdateCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  /**
   * What was sent.
   *
   * @param expected what the cache is to show of each key that an update is about
   * @param first the first update, and where it lies
   */
  private record Sent(
      long updates,
      Map<String, Optional<String>> expected,
      @Nullable ZoneUpdate first,
      @Nullable RecordMetadata place,
      Duration took) {}

  @Override
  public Integer call() throws Exception {
    Problems problems = new Problems();
    common.check(problems);
    CacheSettings settings = cache.read(common, problems);
    String group = streamGroup.read(common, problems);
    int partitions = topic.partitions(problems);
    NewUpdates made = new NewUpdates(by, Clock.systemUTC());
    Optional<ZoneUpdate> single = single(made, problems);
    problems.throwIfAny();

    KafkaSettings kafka = common.kafka();
    KafkaReach.ask(common, console);
    Optional<ZoneFile> changes = changes();
    if (changes.isPresent() && hasBadRows(changes.get())) {
      return ExitCode.ANSWER_IS_NO;
    }
    try (Admin admin = new KafkaClients(kafka, "update").admin();
        UpdateSender sender =
            UpdateSender.open(admin, kafka.producer(), common.topic(), partitions)) {
      int members = UpdateSender.members(admin, group);
      if (members == 0) {
        console.say(
            ("zonecast: topic %s: nobody takes updates, group %s has no member; start: zonecast"
                    + " stream")
                .formatted(sender.topic(), group));
      }
      if (!wait) {
        answer(send(sender, made, single, changes), members, 0, Duration.ZERO);
        return ExitCode.DONE;
      }
      try (CacheWait watch =
          new CacheWait(
              settings.layout(), new EntryZone(settings.layout().valueFormat(), common)::of)) {
        long start = System.nanoTime();
        Sent sent = send(sender, made, single, changes);
        int missing = watch.await(sent.expected, timeout);
        answer(sent, members, missing, Duration.ofNanos(System.nanoTime() - start));
        return missing == 0 ? ExitCode.DONE : ExitCode.DONE_IN_PART;
      }
    }
  }

  private Sent send(
      UpdateSender sender, NewUpdates made, Optional<ZoneUpdate> single, Optional<ZoneFile> changes)
      throws Exception {
    return single.isPresent()
        ? sendOne(sender, single.get())
        : sendAll(sender, made, changes.orElseThrow());
  }

  /** The update that the words ask for; empty where a file does, or with a problem. */
  private Optional<ZoneUpdate> single(NewUpdates made, Problems problems) {
    if (file != null) {
      if (!words.isEmpty() || delete || flags != null || effectiveDate != null) {
        problems.add(
            ("--file %s: the file says what to change; leave out CARRIER ORIGIN DEST ZONE,"
                    + " --delete, --flags and --effective-date")
                .formatted(file));
      }
      return Optional.empty();
    }
    LocalDate date = date(problems);
    int wanted = delete ? KEY_PARTS : KEY_PARTS + 1;
    if (words.size() != wanted) {
      problems.add(
          "\"%s\": %d words; give CARRIER ORIGIN DEST%s"
              .formatted(
                  String.join(" ", words),
                  words.size(),
                  delete ? ", as --delete has no zone" : " ZONE"));
      return Optional.empty();
    }
    ZoneUpdate update =
        delete
            ? made.delete(words.get(0), words.get(1), words.get(2))
            : made.upsert(words.get(0), words.get(1), words.get(2), words.get(3), flags, date);
    String problem = NewUpdates.problem(update);
    if (problem != null) {
      problems.add(problem);
    }
    return Optional.of(update);
  }

  private @Nullable LocalDate date(Problems problems) {
    if (effectiveDate == null) {
      return null;
    }
    try {
      return LocalDate.parse(effectiveDate);
    } catch (DateTimeParseException e) {
      problems.add("--effective-date \"%s\": give a date as 2026-01-31".formatted(effectiveDate));
      return null;
    }
  }

  // --- one update ---

  private static Sent sendOne(UpdateSender sender, ZoneUpdate update) throws Exception {
    long start = System.nanoTime();
    Future<RecordMetadata> place = sender.send(update);
    sender.flush();
    return new Sent(
        1,
        Map.of(key(update), Optional.ofNullable(update.getZone())),
        update,
        place.get(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  // --- a file of them ---

  private Optional<ZoneFile> changes() throws IOException {
    return file == null
        ? Optional.empty()
        : Optional.of(
            ZoneFile.open(
                file, new FileOptions(FileOptions.NONE.format(), Optional.empty(), true)));
  }

  /** A whole reading before the first update is sent: a file with a bad row changes nothing. */
  private boolean hasBadRows(ZoneFile changes) throws IOException {
    long bad = 0;
    RowChunk chunk = new RowChunk(BATCH_ROWS);
    try (RowReader rows = changes.read(bytes -> {})) {
      while (rows.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          bad += chunk.kind(row) == RowChunk.Kind.REJECTED ? 1 : 0;
        }
      }
      for (RowProblem problem : rows.problems()) {
        console.say(changes.path() + ": " + problem);
      }
    }
    if (bad > 0) {
      console.say(
          "zonecast: %s: sent nothing, %s; correct the file"
              .formatted(changes.path(), Figures.count(bad, "bad row", "bad rows")));
    }
    return bad > 0;
  }

  private Sent sendAll(UpdateSender sender, NewUpdates made, ZoneFile changes) throws IOException {
    long start = System.nanoTime();
    Map<String, Optional<String>> expected = new HashMap<>();
    RowChunk chunk = new RowChunk(BATCH_ROWS);
    long updates = 0;
    try (RowReader rows = changes.read(bytes -> {})) {
      while (rows.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          ZoneUpdate update = made.of(chunk, row);
          sendWithout(sender, update);
          if (wait) {
            expected.put(key(update), Optional.ofNullable(update.getZone()));
          }
          updates++;
        }
      }
    }
    sender.flush();
    return new Sent(updates, expected, null, null, Duration.ofNanos(System.nanoTime() - start));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the flush tells what was not taken
  private static void sendWithout(UpdateSender sender, ZoneUpdate update) {
    sender.send(update);
  }

  private static String key(ZoneUpdate update) {
    return update.getCarrier() + ':' + update.getOrigin() + ':' + update.getDestination();
  }

  // --- what is said ---

  private void answer(Sent sent, int members, int missing, Duration seen) {
    String updates = ZoneTopic.updatesOf(common.topic());
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("updates", sent.updates);
      document.put("topic", updates);
      document.put("seconds", Figures.seconds(sent.took));
      if (sent.first != null && sent.place != null) {
        document.put("id", sent.first.getId());
        document.put("key", key(sent.first));
        document.put("partition", sent.place.partition());
        document.put("offset", sent.place.offset());
      }
      document.put("streamMembers", members);
      if (wait) {
        document.put("missing", missing);
        document.put("waitedMillis", seen.toMillis());
      }
      console.answer(document);
      return;
    }
    String what =
        sent.first == null
            ? "sent %s of %s to topic %s in %s"
                .formatted(
                    Figures.count(sent.updates, "update", "updates"),
                    file,
                    updates,
                    Figures.time(sent.took))
            : "sent update %s of %s to topic %s"
                .formatted(sent.first.getId(), key(sent.first), updates);
    if (!wait) {
      console.answer(what);
    } else if (missing == 0) {
      console.answer(what + "; in the cache after " + seen.toMillis() + " ms");
    } else {
      console.answer(what);
      console.say(
          "zonecast: %s not in the cache after %s; look at zonecast lag, and at topic %s for a reason"
              .formatted(
                  sent.first == null ? Figures.count(missing, "key", "keys") : key(sent.first),
                  Figures.time(seen),
                  ZoneTopic.rejectedOf(common.topic())));
    }
  }
}
