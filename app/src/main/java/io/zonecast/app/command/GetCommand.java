package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.schemas.ZoneKey;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Looks zones up in the cache, as your application would.",
    footer = {
      "",
      "Of a destination of five digits without a zone, the first three have it.",
      "",
      "Example:  zonecast get usps 005 010",
      "          zonecast get usps 005 010 --explain",
      "          zonecast get --file pairs.csv",
      "Exits with 3 if the cache does not have it, or not all."
    })
public final class GetCommand implements Callable<Integer> {
  /** Asked for together; also what is remembered of a file at a time. */
  private static final int MOST_KEYS = 1_000;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Mixin private final TopicOptions topic = new TopicOptions();

  @Parameters(
      arity = "0..3",
      paramLabel = "CARRIER ORIGIN DEST",
      hideParamSyntax = true,
      description = "The pair: usps 005 010.")
  private List<String> words = List.of();

  @Option(
      names = "--file",
      paramLabel = "CSV",
      description = "Many pairs, carrier,origin,destination a line; - reads standard input.",
      order = 1)
  private @Nullable String file;

  @Option(
      names = "--explain",
      description = "Also the row in the topic, and who wrote it.",
      order = 2)
  private boolean explain;

  @Option(names = "--json", description = "Prints one JSON document.", order = 3)
  private boolean json;

  public GetCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() throws IOException {
    Problems problems = new Problems();
    common.check(problems);
    CacheSettings settings = cache.read(common, problems);
    Optional<ZoneKey> single = file == null ? pair(problems) : Optional.empty();
    if (file != null && !words.isEmpty()) {
      problems.add(
          "--file %s: the file says which pairs; leave out %s"
              .formatted(file, String.join(" ", words)));
    }
    if (file != null && explain) {
      problems.add("--explain explains one pair; leave out --file");
    }
    int partitions = topic.partitions(problems);
    problems.throwIfAny();

    if (explain) {
      KafkaReach.ask(common, console);
    }
    try (CacheLookup lookup = new CacheLookup(settings, common)) {
      if (single.isEmpty()) {
        return all(lookup, Objects.requireNonNull(file));
      }
      CacheLookup.Found found = lookup.find(List.of(single.get())).get(0);
      return explain
          ? Explanation.of(common, partitions, found, console).answer(console, json)
          : one(found);
    }
  }

  private Optional<ZoneKey> pair(Problems problems) {
    if (words.size() != 3) {
      problems.add(
          "\"%s\": %d words; give CARRIER ORIGIN DEST, or --file"
              .formatted(String.join(" ", words), words.size()));
      return Optional.empty();
    }
    return problems.attempt(
        () -> Optional.of(ZoneKey.of(words.get(0), words.get(1), words.get(2))), Optional.empty());
  }

  private int one(CacheLookup.Found found) {
    if (json) {
      console.answer(document(found));
    } else if (found.zone() != null) {
      console.answer(found.zone());
      if (!found.zoneKey().equals(found.asked())) {
        console.say(
            "zonecast: that is the zone of %s; there is no %s"
                .formatted(found.zoneKey(), found.asked()));
      }
    } else {
      console.say("zonecast: node " + found.node() + " has no " + found.key());
    }
    return found.zone() == null ? ExitCode.ANSWER_IS_NO : ExitCode.DONE;
  }

  /** A line each, in the order of the file, with the zone as its last field; empty if absent. */
  private int all(CacheLookup lookup, String pairs) throws IOException {
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    long absent = 0;
    try (PairReader reader = PairReader.open(pairs)) {
      List<ZoneKey> keys = reader.next(MOST_KEYS);
      for (; !keys.isEmpty(); keys = reader.next(MOST_KEYS)) {
        for (CacheLookup.Found found : lookup.find(keys)) {
          absent += found.zone() == null ? 1 : 0;
          if (json) {
            documents.add(document(found));
          } else {
            console.answer(line(found));
          }
        }
      }
    }
    if (json) {
      console.answer(JsonNodeFactory.instance.objectNode().set("answers", documents));
    }
    if (absent > 0) {
      console.say(
          "zonecast: the cache does not have %s".formatted(Figures.count(absent, "pair", "pairs")));
    }
    return absent > 0 ? ExitCode.ANSWER_IS_NO : ExitCode.DONE;
  }

  private static String line(CacheLookup.Found found) {
    ZoneKey key = found.asked();
    return String.join(
        ",",
        key.carrier(),
        key.origin(),
        key.destination(),
        Objects.requireNonNullElse(found.zone(), ""));
  }

  static ObjectNode document(CacheLookup.Found found) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("zone", found.zone())
        .put("key", found.key())
        .put("node", found.node().toString());
  }
}
