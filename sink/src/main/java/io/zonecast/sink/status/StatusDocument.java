package io.zonecast.sink.status;

import com.fasterxml.jackson.core.JsonGenerator;
import io.zonecast.monitor.Health;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.PartitionLag;
import io.zonecast.sink.lag.Spent;
import io.zonecast.sink.node.NodeStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows, as JSON. Of the group, the keys are those of {@code zonecast lag
 * --json}. What is not known is null.
 *
 * @param at when this was put together
 * @param seen the group's last look
 * @param current its report, if that still tells how the group stands
 * @param lost that Kafka does not answer, in words; or ""
 * @param tooManyDeadLettered how many of the last minute's records were, and why; "" if they are
 *     few
 */
record StatusDocument(
    Instant at,
    Identity identity,
    SinkStatus sink,
    Health.Answer ready,
    GroupWatch.Seen seen,
    @Nullable LagReport current,
    String lost,
    long deadLetters,
    String tooManyDeadLettered,
    List<LastMinute.Second> lastMinute,
    List<Journal.Entry> events) {

  private static final String NOT_KNOWN = "NOT KNOWN";

  /** Which sink this is. */
  record Identity(String version, String group, String topic, String process, Instant started) {}

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("at", at.toString());
    json.writeStringField("version", identity.version());
    json.writeStringField("group", identity.group());
    json.writeStringField("topic", identity.topic());
    json.writeStringField("process", identity.process());
    json.writeStringField("started", identity.started().toString());
    Answers known = lost.isEmpty() ? Answers.of(sink, current) : Answers.notKnown(lost);
    Answers answers = known.deadLettering(tooManyDeadLettered);
    Tone verdict = current == null ? Tone.PLAIN : Answers.toneOf(current.verdict());
    // A node that has lost zones has caught up all the same, and nobody is to see that in green.
    json.writeStringField("tone", verdict.or(answers.right().tone()).css());
    json.writeObjectFieldStart("answers");
    answer(json, "right", answers.right());
    answer(json, "late", answers.late());
    answer(json, "done", answers.done());
    json.writeEndObject();
    json.writeFieldName("lag");
    lag(json);
    json.writeFieldName("sink");
    sink(json);
    json.writeArrayFieldStart("events");
    for (Journal.Entry event : events) {
      json.writeStartObject();
      json.writeStringField("at", event.at().toString());
      json.writeStringField("tone", event.tone().css());
      json.writeStringField("text", event.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void answer(JsonGenerator json, String name, Answers.Answer answer)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("tone", answer.tone().css());
    json.writeStringField("text", answer.text());
    json.writeEndObject();
  }

  private void lag(JsonGenerator json) throws IOException {
    json.writeStartObject();
    Instant lookedAt = seen.at();
    json.writeStringField("lookedAt", lookedAt == null ? null : lookedAt.toString());
    seconds(json, "lookAgeSeconds", lookedAt == null ? null : Spent.between(lookedAt, at));
    json.writeStringField("trouble", lost.isEmpty() ? seen.trouble() : lost);
    json.writeStringField("verdict", current == null ? null : current.verdict().name());
    json.writeStringField("words", current == null ? NOT_KNOWN : current.verdict().words());
    json.writeStringField("headline", current == null ? null : current.headline());
    seconds(json, "behindSeconds", current == null ? null : current.behindFor());
    seconds(json, "secondsLeft", current == null ? null : current.left());
    json.writeArrayFieldStart("partitions");
    if (current != null) {
      for (PartitionLag partition : current.partitions()) {
        partition(json, partition);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("nodes");
    if (current != null) {
      for (NodeLag node : current.nodes()) {
        node(json, node);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void partition(JsonGenerator json, PartitionLag lag) throws IOException {
    json.writeStartObject();
    json.writeNumberField("partition", lag.partition());
    number(json, "committed", lag.committed());
    json.writeNumberField("end", lag.end());
    number(json, "behindRecordsAtMost", lag.behindRecordsAtMost());
    seconds(json, "behindSeconds", lag.behindFor());
    Double rate = lag.offsetsPerSecond();
    number(json, "offsetsPerSecond", rate == null ? null : Math.round(rate));
    json.writeStringField("state", lag.state().name());
    json.writeStringField("words", lag.state().words());
    json.writeStringField("member", lag.member());
    json.writeStringField("heldBy", lag.heldBy());
    json.writeEndObject();
  }

  private static void node(JsonGenerator json, NodeLag lag) throws IOException {
    json.writeStartObject();
    json.writeStringField("node", lag.node());
    json.writeStringField("state", lag.state().name());
    json.writeStringField("words", lag.state().words());
    number(json, "behindRecordsAtMost", lag.behindRecordsAtMost());
    number(json, "filled", lag.filled());
    seconds(json, "secondsLeft", lag.left());
    Instant since = lag.since();
    json.writeStringField("since", since == null ? null : since.toString());
    seconds(json, "checkpointAgeSeconds", lag.checkpointAge());
    number(json, "entries", lag.entries());
    number(json, "bytes", lag.bytes());
    number(json, "limitBytes", lag.limitBytes());
    number(json, "evictions", lag.evictions());
    json.writeStringField("detail", lag.detail());
    json.writeEndObject();
  }

  private void sink(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("joined", sink.joined());
    json.writeBooleanField("ready", ready.ok());
    json.writeStringField("readyReason", ready.reason());
    json.writeNumberField("deadLetters", deadLetters);
    json.writeArrayFieldStart("partitions");
    for (int partition : new TreeSet<>(sink.partitions())) {
      json.writeNumber(partition);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("waiting");
    for (var waiting : new TreeMap<>(sink.waiting()).entrySet()) {
      json.writeStartObject();
      json.writeNumberField("partition", waiting.getKey());
      json.writeStringField("reason", waiting.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("nodes");
    for (NodeStatus node : sink.nodes()) {
      json.writeStartObject();
      json.writeStringField("node", node.node());
      json.writeStringField("state", node.state().name());
      // What a node lacks is unknown while it is unknown what there is.
      boolean known = lost.isEmpty() || node.state() != NodeStatus.State.IN_STEP;
      json.writeStringField("words", known ? node.state().words() : NOT_KNOWN);
      json.writeStringField("tone", (known ? SinkFigures.toneOf(node.state()) : Tone.PLAIN).css());
      json.writeStringField("since", node.since().toString());
      json.writeNumberField("partitions", node.partitions());
      json.writeNumberField("inStep", node.inStep());
      json.writeNumberField("fraction", node.fraction());
      seconds(json, "secondsLeft", node.left());
      json.writeStringField("detail", node.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("lastMinute");
    for (LastMinute.Second second : lastMinute) {
      json.writeStartObject();
      json.writeNumberField("entries", second.entries());
      seconds(json, "slowestSeconds", second.slowest());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, @Nullable Long number)
      throws IOException {
    if (number == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, number);
    }
  }

  private static void number(JsonGenerator json, String name, @Nullable Double number)
      throws IOException {
    if (number == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, number);
    }
  }

  private static void seconds(JsonGenerator json, String name, @Nullable Duration time)
      throws IOException {
    if (time == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, time.toMillis() / 1e3);
    }
  }
}
