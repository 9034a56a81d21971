package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.lag.NodeLag;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a rebuild came to, as text or as JSON, whose keys are a contract. */
final class RebuildAnswer {
  private final Console console;
  private final boolean json;
  private final LongSupplier nanoTime;
  private final long startNanos;

  RebuildAnswer(Console console, boolean json, LongSupplier nanoTime) {
    this.console = console;
    this.json = json;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  int refused(List<NodeAddress> nodes, String reason) {
    console.say("zonecast: " + reason);
    unlooked(document("REFUSED", false).put("reason", reason), nodes);
    return ExitCode.ANSWER_IS_NO;
  }

  void forgotten(List<NodeAddress> nodes, String words) {
    console.say("zonecast: " + words);
    unlooked(document("FORGOTTEN", true).putNull("reason"), nodes);
  }

  private void unlooked(ObjectNode document, List<NodeAddress> nodes) {
    if (json) {
      ArrayNode list = document.putArray("nodes");
      nodes.forEach(node -> add(list, node.toString(), null, null));
      console.answer(document);
    }
  }

  /** The former prefix's entries are gone; {@code removed} says how many from each node. */
  void dropped(String prefix, Map<NodeAddress, Long> removed) {
    if (json) {
      ObjectNode document = document("DROPPED", false);
      ArrayNode list = document.putArray("nodes");
      removed.forEach((node, entries) -> add(list, node.toString(), null, entries));
      console.answer(document);
      return;
    }
    removed.forEach(
        (node, entries) ->
            console.answer(
                "removed %s under \"%s\" from %s".formatted(count(entries), prefix, node)));
  }

  void rebuilt(List<NodeLag> filled, boolean bySinks) {
    if (json) {
      ObjectNode document = document("REBUILT", bySinks);
      ArrayNode list = document.putArray("nodes");
      filled.forEach(each -> add(list, each.node(), each.state().name(), entries(each)));
      console.answer(document);
      return;
    }
    console.answer(
        "rebuilt %s in %s: %s"
            .formatted(
                filled.stream().map(NodeLag::node).collect(Collectors.joining(", ")),
                Figures.time(taken()),
                filled.stream()
                    .map(RebuildAnswer::entries)
                    .map(entries -> entries == null ? "-" : count(entries))
                    .collect(Collectors.joining(", "))));
  }

  private static @Nullable Long entries(NodeLag node) {
    return node.stats() == null ? null : Long.valueOf(node.stats().entries());
  }

  private ObjectNode document(String outcome, boolean bySinks) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("outcome", outcome)
        .put("seconds", Figures.seconds(taken()))
        .put("byRunningSinks", bySinks);
  }

  private static void add(
      ArrayNode list, String node, @Nullable String state, @Nullable Long entries) {
    list.addObject().put("node", node).put("state", state).put("entries", entries);
  }

  private Duration taken() {
    return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
  }

  static String count(long entries) {
    return Figures.count(entries, "entry", "entries");
  }
}
