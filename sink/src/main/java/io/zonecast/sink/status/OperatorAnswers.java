package io.zonecast.sink.status;

import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.lag.ElapsedTime;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionState;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers what an operator asks: is the cache right, is it late, when will it be done?
 *
 * @param right whether every node holds its share
 * @param late by how much
 * @param done when that is over
 */
record OperatorAnswers(Answer right, Answer late, Answer done) {

  record Answer(Severity severity, String text) {}

  private static final Answer NOT_KNOWN = new Answer(Severity.PLAIN, "Not known yet");

  /**
   * Puts the answers together.
   *
   * @param group how the whole group stands; null while that is unknown
   */
  static OperatorAnswers of(SinkStatus sink, @Nullable LagReport group) {
    if (group == null) {
      List<String> waiting = sink.waitingWords();
      Answer right =
          waiting.isEmpty()
              ? NOT_KNOWN
              : new Answer(Severity.BAD, "No: " + String.join("; ", waiting));
      return new OperatorAnswers(right, NOT_KNOWN, NOT_KNOWN);
    }
    return new OperatorAnswers(right(sink, group), late(sink, group), done(sink, group));
  }

  /** The answers while the state is unknown, and why it is. */
  static OperatorAnswers notKnown(String why) {
    Answer unknown = new Answer(Severity.PLAIN, "Not known");
    return new OperatorAnswers(new Answer(Severity.BAD, "Not known: " + why), unknown, unknown);
  }

  /**
   * The same, but not right where this process dead-letters too much.
   *
   * @param tooMuch how much, and why; "" if it does not
   */
  OperatorAnswers deadLettering(String tooMuch) {
    if (tooMuch.isEmpty()) {
      return this;
    }
    String text = (right.severity() == Severity.BAD ? right.text() + "; " : "No: ") + tooMuch;
    return new OperatorAnswers(new Answer(Severity.BAD, text), late, done);
  }

  private static Answer right(SinkStatus sink, LagReport group) {
    List<String> wrong = new ArrayList<>();
    add(wrong, names(group, NodeState.DOWN), "does not answer", "do not answer");
    add(wrong, names(group, NodeState.DEGRADED), "has evicted zones", "have evicted zones");
    List<String> waiting = sink.waitingWords();
    for (NodeStatus node : sink.nodes()) {
      if (node.state() == NodeStatus.State.STALLED && !waiting.contains(node.detail())) {
        wrong.add(node.node() + " cannot be filled: " + node.detail());
      }
    }
    wrong.addAll(waiting);
    if (!wrong.isEmpty()) {
      return new Answer(Severity.BAD, "No: " + String.join("; ", wrong));
    }
    List<String> filling = names(group, NodeState.FILLING);
    for (NodeStatus node : sink.nodes()) {
      if (node.state() == NodeStatus.State.FILLING && !filling.contains(node.node())) {
        filling.add(node.node());
      }
    }
    if (!filling.isEmpty()) {
      List<String> being = new ArrayList<>();
      add(being, filling, "is being filled", "are being filled");
      return new Answer(Severity.BUSY, "Not yet: " + being.get(0));
    }
    return switch (group.verdict()) {
      case CAUGHT_UP -> new Answer(Severity.GOOD, "Yes: every node has its share");
      case CATCHING_UP -> new Answer(Severity.BUSY, "Yes, but for what is on its way");
      case STALLED -> new Answer(Severity.BAD, "Not any more: nothing moves" + where(group));
      case NO_SINK -> new Answer(Severity.BAD, "As of the last commit: the group has no member");
      case NEVER_RAN -> new Answer(Severity.BAD, "No: nothing was ever committed");
    };
  }

  private static Answer late(SinkStatus sink, LagReport group) {
    Duration behind = group.behindFor();
    if (!sink.waiting().isEmpty() && (behind == null || behind.isZero())) {
      return new Answer(Severity.BAD, "By what cannot be read yet");
    }
    if (behind == null) {
      return NOT_KNOWN;
    }
    if (behind.isZero()) {
      return new Answer(Severity.GOOD, "No: nothing waits");
    }
    Long records = group.behindRecordsAtMost();
    return new Answer(
        severityOf(group.verdict()),
        "By "
            + ElapsedTime.roughly(behind)
            + (records == null
                ? ""
                : ", at most " + SinkFigures.counted(records, "record", "records")));
  }

  private static Answer done(SinkStatus sink, LagReport group) {
    Duration left = group.left();
    boolean filling = false;
    boolean unknown = false;
    for (NodeStatus node : sink.nodes()) {
      if (node.state() == NodeStatus.State.FILLING) {
        filling = true;
        Duration its = node.left();
        unknown |= its == null;
        left = its == null || (left != null && left.compareTo(its) > 0) ? left : its;
      }
    }
    if (group.verdict() == Verdict.STALLED || !sink.waiting().isEmpty()) {
      List<String> down = names(group, NodeState.DOWN);
      return new Answer(
          Severity.BAD,
          down.isEmpty() ? "Not by itself" : "When " + String.join(", ", down) + " is back");
    }
    if (group.verdict() == Verdict.CAUGHT_UP && !filling) {
      return new Answer(Severity.GOOD, "Nothing is left to do");
    }
    if (left == null || unknown) {
      return group.verdict() == Verdict.NO_SINK || group.verdict() == Verdict.NEVER_RAN
          ? new Answer(Severity.BAD, "Not without a sink")
          : new Answer(Severity.BUSY, "Not known yet");
    }
    return new Answer(Severity.BUSY, "In about " + ElapsedTime.roughly(left));
  }

  private static String where(LagReport group) {
    String partitions =
        group.partitions().stream()
            .filter(p -> p.state() == PartitionState.STALLED)
            .map(p -> Integer.toString(p.partition()))
            .sorted()
            .collect(Collectors.joining(", "));
    return partitions.isEmpty() ? "" : " on partition " + partitions;
  }

  private static List<String> names(LagReport group, NodeState state) {
    return group.nodes().stream()
        .filter(node -> node.state() == state)
        .map(NodeLag::node)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static void add(List<String> to, List<String> nodes, String one, String many) {
    if (!nodes.isEmpty()) {
      to.add(String.join(", ", nodes) + " " + (nodes.size() == 1 ? one : many));
    }
  }

  static Severity severityOf(Verdict verdict) {
    return switch (verdict) {
      case CAUGHT_UP -> Severity.GOOD;
      case CATCHING_UP -> Severity.BUSY;
      case STALLED, NO_SINK, NEVER_RAN -> Severity.BAD;
    };
  }
}
