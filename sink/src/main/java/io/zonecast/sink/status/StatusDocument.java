package io.zonecast.sink.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.monitor.Health;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.lag.ElapsedTime;
import io.zonecast.sink.lag.LagDocument;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.PublishWatch;
import io.zonecast.sink.node.NodeStatus;
import java.time.Instant;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows, as JSON. Of the group, the keys are those of {@code zonecast lag
 * --json}. What is not known is null.
 *
 * @param at when this was put together
 * @param status how this process stands
 */
record StatusDocument(
    Instant at,
    Identity identity,
    SinkStatus status,
    Health.Answer ready,
    SinkFigures figures,
    LastMinute lastMinute,
    OfGroup group) {
  private static final String NOT_KNOWN = "NOT KNOWN";

  /** Which sink this is. */
  record Identity(String version, String group, String topic, String process, Instant started) {}

  /**
   * How the whole group stands.
   *
   * @param seen the group's last look
   * @param current its report, if that still tells how the group stands
   * @param lost that Kafka does not answer, in words; or ""
   * @param publish the last publish, as far as it is known
   */
  record OfGroup(
      GroupMonitor.Seen seen,
      @Nullable LagReport current,
      String lost,
      PublishWatch.Seen publish) {}

  ObjectNode json() {
    LagReport current = group.current();
    OperatorAnswers known =
        group.lost().isEmpty()
            ? OperatorAnswers.of(status, current)
            : OperatorAnswers.notKnown(group.lost());
    String tooMany = lastMinute.tooManyDeadLettered();
    OperatorAnswers answers =
        known.deadLettering(tooMany.isEmpty() ? "" : tooMany + ", as " + figures.lastDeadLetter());
    Severity verdict =
        current == null ? Severity.PLAIN : OperatorAnswers.severityOf(current.verdict());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("at", at.toString());
    json.put("version", identity.version());
    json.put("group", identity.group());
    json.put("topic", identity.topic());
    json.put("process", identity.process());
    json.put("started", identity.started().toString());
    // A node that has lost zones has caught up all the same, and no one is to see that in green.
    json.put("tone", verdict.or(answers.right().severity()).css());
    ObjectNode asked = json.putObject("answers");
    add(asked.putObject("right"), answers.right());
    add(asked.putObject("late"), answers.late());
    add(asked.putObject("done"), answers.done());
    json.set("lag", lag());
    add(json.putObject("sink"));
    ArrayNode said = json.putArray("events");
    for (RecentEvents.Entry event : figures.latest()) {
      said.addObject()
          .put("at", event.at().toString())
          .put("tone", event.severity().css())
          .put("text", event.text());
    }
    return json;
  }

  private static void add(ObjectNode json, OperatorAnswers.Answer answer) {
    json.put("tone", answer.severity().css()).put("text", answer.text());
  }

  private ObjectNode lag() {
    LagReport current = group.current();
    ObjectNode json = current == null ? unknown() : LagDocument.of(current);
    Instant lookedAt = group.seen().at();
    json.put("lookedAt", lookedAt == null ? null : lookedAt.toString());
    json.put(
        "lookAgeSeconds",
        lookedAt == null ? null : LagDocument.seconds(ElapsedTime.between(lookedAt, at)));
    group.publish().last().addTo(json, group.publish().arrival());
    json.put("trouble", group.lost().isEmpty() ? group.seen().trouble() : group.lost());
    return json;
  }

  private static ObjectNode unknown() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putNull("verdict").put("words", NOT_KNOWN).putNull("headline");
    json.putNull("behindSeconds").putNull("secondsLeft");
    json.putArray("partitions");
    json.putArray("nodes");
    return json;
  }

  private void add(ObjectNode json) {
    json.put("joined", status.joined());
    json.put("ready", ready.ok());
    json.put("readyReason", ready.reason());
    json.put("deadLetters", figures.deadLetters());
    ArrayNode partitions = json.putArray("partitions");
    new TreeSet<>(status.partitions()).forEach(partitions::add);
    ArrayNode waiting = json.putArray("waiting");
    new TreeMap<>(status.waiting())
        .forEach(
            (partition, at) ->
                waiting.addObject().put("partition", partition).put("reason", at.toString()));
    ArrayNode nodes = json.putArray("nodes");
    status.nodes().forEach(node -> add(nodes.addObject(), node));
    ArrayNode minute = json.putArray("lastMinute");
    for (LastMinute.Second second : lastMinute.seconds()) {
      minute
          .addObject()
          .put("entries", second.entries())
          .put("slowestSeconds", LagDocument.seconds(second.slowest()));
    }
  }

  private void add(ObjectNode json, NodeStatus node) {
    // What a node lacks is unknown while it is unknown what there is.
    boolean known = group.lost().isEmpty() || node.state() != NodeStatus.State.IN_STEP;
    json.put("node", node.node());
    json.put("state", node.state().name());
    json.put("words", known ? node.state().words() : NOT_KNOWN);
    json.put("tone", (known ? SinkFigures.severityOf(node.state()) : Severity.PLAIN).css());
    json.put("since", node.since().toString());
    json.put("partitions", node.lanes().partitions());
    json.put("inStep", node.lanes().inStep().size());
    json.put("fraction", node.lanes().fraction());
    json.put("secondsLeft", LagDocument.seconds(node.left()));
    json.put("detail", node.detail());
  }
}
