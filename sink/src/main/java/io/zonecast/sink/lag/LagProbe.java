package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.OpenTransactions;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.sink.lag.UnappliedRecords.Span;
import io.zonecast.sink.lag.UnappliedRecords.Unapplied;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Finds out how far a group is behind a topic, without the help of its sinks. A group that has
 * caught up is reported at once. A group that is behind is watched for two seconds, since only
 * movement tells a slow sink from a stalled one. {@link GroupProgress} computes the lag in records
 * and in seconds, {@link VerdictRule} the verdict.
 *
 * @param consumers makes consumers of bytes, without a group
 * @param pause between two looks
 */
public record LagProbe(
    Admin admin,
    Function<IsolationLevel, Consumer<byte[], byte[]>> consumers,
    String topic,
    String group,
    SnapshotSource nodes,
    java.util.function.Consumer<Duration> pause) {
  /** Long enough for a sink that commits twice a second to be seen moving. */
  public static final Duration WINDOW = Duration.ofSeconds(2);

  public LagProbe(
      Admin admin,
      Function<IsolationLevel, Consumer<byte[], byte[]>> consumers,
      String topic,
      String group,
      SnapshotSource nodes) {
    this(admin, consumers, topic, group, nodes, LagProbe::sleep);
  }

  /**
   * Looks once.
   *
   * @param count whether to count the records exactly, by reading all of them
   * @throws LagUnknownException if there is no such topic
   */
  public LagReport look(boolean count) {
    TopicDescription description = describe();
    List<TopicPartition> partitions = TopicEnds.partitions(topic, description.partitions().size());
    return report(partitions, watch(description.topicId(), partitions, count), count);
  }

  /** What was seen, in two looks or in one that told enough. */
  private record Seen(
      Group members,
      GroupSample first,
      GroupSample last,
      Pool pool,
      Map<TopicPartition, Unapplied> waiting) {}

  private Seen watch(Uuid topicId, List<TopicPartition> partitions, boolean count) {
    Group members = Group.of(admin, group);
    GroupSample first = sample(partitions);
    Pool pool = Pool.look(nodes, topicId, partitions, first);
    Map<TopicPartition, Unapplied> waiting =
        unapplied()
            .read(
                spans(first, first), UnappliedRecords.Extent.OLDEST, IsolationLevel.READ_COMMITTED);
    GroupSample last = first;
    boolean watched =
        members.members() > 0
            && (anyBehind(first, waiting)
                || pool.movements(first, first).stream().anyMatch(NodeProgress::isBehind));
    if (watched) {
      pause.accept(WINDOW);
      last = sample(partitions);
      pool = pool.lookAgain();
    }
    if (watched || count) {
      waiting =
          unapplied()
              .read(
                  spans(first, last),
                  count ? UnappliedRecords.Extent.ALL : UnappliedRecords.Extent.SOON,
                  IsolationLevel.READ_COMMITTED);
    }
    return new Seen(members, first, last, pool, waiting);
  }

  private LagReport report(List<TopicPartition> partitions, Seen seen, boolean counted) {
    Map<TopicPartition, Span> heldBack = heldBack(seen.last());
    Map<TopicPartition, Unapplied> held =
        unapplied().read(heldBack, UnappliedRecords.Extent.OLDEST, IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, String> holders =
        OpenTransactions.holders(admin, List.copyOf(heldBack.keySet()));
    List<NodeProgress> moved = seen.pool().movements(seen.first(), seen.last());
    GroupProgress progress =
        new GroupProgress(
            seen.first(),
            seen.last(),
            seen.waiting(),
            held,
            where(partitions, moved, NodeProgress::hasMovedOn),
            where(partitions, moved, NodeProgress::waitsOn));
    Map<TopicPartition, String> owners = seen.members().owners();
    Instant now = Instant.now();
    List<PartitionLag> lags =
        partitions.stream()
            .map(p -> progress.lag(p, now, owners.get(p), holders.get(p), counted))
            .sorted(GroupProgress.WORST_FIRST)
            .toList();
    List<NodeLag> looked =
        moved.stream().map(node -> node.lag(now, seen.pool().downSince(node))).toList();
    VerdictRule rule = new VerdictRule(seen.members(), progress, lags, moved, looked, now);
    return new LagReport(
        group, topic, now, rule.verdict(), rule.since(), rule.left(), lags, looked);
  }

  private static Set<TopicPartition> where(
      List<TopicPartition> partitions,
      List<NodeProgress> nodes,
      BiPredicate<NodeProgress, Integer> holds) {
    return partitions.stream()
        .filter(p -> nodes.stream().anyMatch(node -> holds.test(node, p.partition())))
        .collect(Collectors.toSet());
  }

  /**
   * Checks that the brokers know the group.
   *
   * @throws LagUnknownException if they do not; the message names those they do know
   */
  public void requireGroup() {
    if (Group.of(admin, group).known()) {
      return;
    }
    List<String> others = Group.names(admin);
    throw new LagUnknownException(
        "group %s: Kafka knows no such group; %s"
            .formatted(
                group,
                others.isEmpty()
                    ? "start a sink with this --group first"
                    : "set --group to one of " + String.join(", ", others)));
  }

  private TopicDescription describe() {
    try {
      return BrokerAnswers.await(
          BrokerAnswers.of(admin.describeTopics(List.of(topic)).topicNameValues(), topic));
    } catch (UnknownTopicOrPartitionException e) {
      throw new LagUnknownException(
          "topic " + topic + " does not exist; publish a file first, or set --topic");
    }
  }

  private UnappliedRecords unapplied() {
    return new UnappliedRecords(consumers, System::nanoTime);
  }

  private GroupSample sample(List<TopicPartition> partitions) {
    return GroupSample.take(admin, group, partitions, System::nanoTime);
  }

  /** What to read: from where the group stood first to where the topic ended last. */
  private static Map<TopicPartition, Span> spans(GroupSample first, GroupSample last) {
    Map<TopicPartition, Span> spans = new HashMap<>();
    last.partitions()
        .forEach(
            (partition, at) -> {
              Long from = first.at(partition).next();
              Long committed = at.next();
              if (committed != null && committed < at.stable()) {
                long start = from == null ? committed : Math.min(from, committed);
                spans.put(partition, new Span(start, committed, at.stable()));
              }
            });
    return spans;
  }

  private static boolean anyBehind(GroupSample sample, Map<TopicPartition, Unapplied> waiting) {
    return sample.partitions().entrySet().stream()
        .anyMatch(
            its -> {
              Long next = its.getValue().next();
              Unapplied found = waiting.get(its.getKey());
              return (next == null ? !its.getValue().isEmpty() : next < its.getValue().stable())
                  && (found == null || !found.none());
            });
  }

  /** What lies behind an open transaction. */
  private static Map<TopicPartition, Span> heldBack(GroupSample sample) {
    Map<TopicPartition, Span> spans = new HashMap<>();
    sample
        .partitions()
        .forEach(
            (partition, at) -> {
              if (at.stable() < at.end()) {
                spans.put(partition, new Span(at.stable(), at.stable(), at.end()));
              }
            });
    return spans;
  }

  /** The time between two looks is what a rate is measured over. */
  static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
