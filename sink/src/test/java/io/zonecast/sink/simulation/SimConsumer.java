package io.zonecast.sink.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.sink.simulation.SimTopic.Rec;
import io.zonecast.sink.timing.Scheduler;
import io.zonecast.sink.timing.SimProcess;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A read_committed consumer of a simulated topic, in a group or in none. Its methods have the names
 * and parameters of Kafka's {@link Consumer}, which {@link #asConsumer} makes of it; what a sink
 * does not call is not there, and throws.
 */
public final class SimConsumer {
  private static final Map<Method, Method> METHODS = new ConcurrentHashMap<>();
  private static final Duration SOONEST = Duration.ofNanos(100_000);
  private static final Duration LATEST = Duration.ofMillis(3);

  private final Mutant mutant;
  private final SimProcess process;
  private final Scheduler scheduler;
  private final SimTopic topic;
  private final @Nullable SimGroup group;
  private final Map<Integer, Position> positions = new TreeMap<>();
  private final Set<Integer> paused = new HashSet<>();
  private final List<Runnable> callbacks = new ArrayList<>();
  private SimGroup.@Nullable Member member;
  private @Nullable ConsumerRebalanceListener listener;
  private boolean woken;

  private record Position(long offset, int epoch) {}

  /**
   * @param group null for one that assigns itself
   */
  SimConsumer(SimProcess process, SimTopic topic, @Nullable SimGroup group, Mutant mutant) {
    this.mutant = mutant;
    this.process = process;
    this.scheduler = process.scheduler();
    this.topic = topic;
    this.group = group;
  }

  @SuppressWarnings("unchecked")
  Consumer<ByteBuffer, ByteBuffer> asConsumer() {
    return (Consumer<ByteBuffer, ByteBuffer>)
        Proxy.newProxyInstance(
            Consumer.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals")
                    ? proxy == arguments[0]
                    : method.getName().equals("hashCode") ? hashCode() : "consumer of " + process;
              }
              try {
                return METHODS.computeIfAbsent(method, SimConsumer::own).invoke(this, arguments);
              } catch (UnsupportedOperationException e) {
                scheduler.fail(e);
                throw e;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Method own(Method of) {
    try {
      return SimConsumer.class.getMethod(of.getName(), of.getParameterTypes());
    } catch (NoSuchMethodException e) {
      throw new UnsupportedOperationException("a simulated consumer has no " + of, e);
    }
  }

  public void subscribe(Collection<String> topics, ConsumerRebalanceListener newListener) {
    listener = newListener;
  }

  public void assign(Collection<TopicPartition> partitions) {
    Set<Integer> numbers = numbers(partitions);
    positions.keySet().retainAll(numbers);
    numbers.forEach(number -> positions.putIfAbsent(number, new Position(0, -1)));
  }

  public Set<TopicPartition> assignment() {
    return partitions(positions.keySet());
  }

  public void pause(Collection<TopicPartition> partitions) {
    paused.addAll(numbers(partitions));
  }

  public void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(numbers(partitions));
  }

  public void seek(TopicPartition partition, long offset) {
    positions.replace(partition.partition(), new Position(offset, -1));
  }

  public void seek(TopicPartition partition, OffsetAndMetadata to) {
    Position from = positions.get(partition.partition());
    if (!mutant.stepsBack() && from != null && to.offset() < from.offset) {
      return;
    }
    positions.replace(
        partition.partition(), new Position(to.offset(), to.leaderEpoch().orElse(-1)));
  }

  public long position(TopicPartition partition) {
    roundTrip();
    validate(partition.partition());
    return positions.get(partition.partition()).offset;
  }

  /** What is known without asking, as with a time-out of zero. */
  public long position(TopicPartition partition, Duration timeout) {
    validate(partition.partition());
    return positions.get(partition.partition()).offset;
  }

  public void wakeup() {
    woken = true;
  }

  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return endOffsets(partitions, Duration.ofSeconds(60));
  }

  public Map<TopicPartition, Long> endOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    roundTrip();
    Map<TopicPartition, Long> ends = new HashMap<>();
    partitions.forEach(its -> ends.put(its, topic.stableEnd(its.partition())));
    return ends;
  }

  public Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    roundTrip();
    Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
    numbers(partitions)
        .forEach(
            number -> {
              OffsetAndMetadata its = group().committed().get(number);
              if (its != null) {
                found.put(partition(number), its);
              }
            });
    return found;
  }

  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    roundTrip();
    group().commit(requireMember(), byNumber(offsets));
    roundTrip();
  }

  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    SimGroup.Member by = requireMember();
    Map<Integer, OffsetAndMetadata> copy = byNumber(offsets);
    scheduler.after(
        scheduler.between(SOONEST, LATEST),
        null,
        () -> {
          KafkaException refusal = null;
          try {
            group().commit(by, copy);
          } catch (KafkaException e) {
            refusal = e;
          }
          KafkaException failure = refusal;
          callbacks.add(() -> callback.onComplete(offsets, failure));
        });
  }

  public ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    long deadline = scheduler.nowNanos() + timeout.toNanos();
    while (true) {
      await(this::hasNews, Math.max(0, deadline - scheduler.nowNanos()));
      if (woken) {
        woken = false;
        throw new WakeupException();
      }
      List.copyOf(callbacks).forEach(Runnable::run);
      callbacks.clear();
      keepMembership();
      ConsumerRecords<ByteBuffer, ByteBuffer> fetched = fetch();
      if (fetched != null) {
        return fetched;
      }
      if (scheduler.nowNanos() >= deadline) {
        return new ConsumerRecords<>(Map.of(), Map.of());
      }
    }
  }

  private boolean hasNews() {
    if (woken || !callbacks.isEmpty()) {
      return true;
    }
    SimGroup its = group;
    if (its != null && listener != null && (member == null || its.hasNewsFor(member))) {
      return true;
    }
    for (Map.Entry<Integer, Position> entry : positions.entrySet()) {
      if (!paused.contains(entry.getKey())
          && isElsewhere(entry.getKey(), entry.getValue().offset)) {
        return true;
      }
    }
    return false;
  }

  private boolean isElsewhere(int number, long offset) {
    return offset < topic.stableEnd(number) || offset > topic.end(number);
  }

  private void keepMembership() {
    SimGroup its = group;
    ConsumerRebalanceListener told = listener;
    if (its == null || told == null) {
      return;
    }
    SimGroup.Member now = member;
    if (now == null || now.isFenced()) {
      if (now != null) {
        Set<Integer> lost = new TreeSet<>(now.owned());
        positions.clear();
        now.owned().clear();
        told.onPartitionsLost(partitions(lost));
      }
      now = its.enter(process);
      member = now;
    }
    if (now.hasAssignment()) {
      takeUp(its, now, told);
    }
    if (its.awaits(now)) {
      if (its.isEager()) {
        revoke(now, told, new TreeSet<>(now.owned()));
      }
      its.join(now);
    }
  }

  private void takeUp(SimGroup its, SimGroup.Member now, ConsumerRebalanceListener told) {
    Set<Integer> assigned = now.assigned();
    Set<Integer> revoked = new TreeSet<>(now.owned());
    revoked.removeAll(assigned);
    Set<Integer> added = new TreeSet<>(assigned);
    added.removeAll(now.owned());
    its.takeUp(now);
    if (!revoked.isEmpty()) {
      revoke(now, told, revoked);
      its.rebalance();
    }
    added.forEach(
        number -> {
          OffsetAndMetadata committed = its.committed().get(number);
          positions.put(number, new Position(committed == null ? 0 : committed.offset(), -1));
          paused.remove(number);
        });
    now.owned().addAll(added);
    told.onPartitionsAssigned(partitions(added));
  }

  private void revoke(SimGroup.Member from, ConsumerRebalanceListener told, Set<Integer> numbers) {
    if (!numbers.isEmpty()) {
      told.onPartitionsRevoked(partitions(numbers));
      from.owned().removeAll(numbers);
      positions.keySet().removeAll(numbers);
    }
  }

  /** What there is for the partitions that flow; null if no position moves. */
  private @Nullable ConsumerRecords<ByteBuffer, ByteBuffer> fetch() {
    Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    int most = 1 + scheduler.random().nextInt(group == null ? 60 : 8);
    for (int number : List.copyOf(positions.keySet())) {
      if (paused.contains(number)) {
        continue;
      }
      validate(number);
      Position from = positions.get(number);
      List<Rec> found = topic.read(number, from.offset, most);
      long to = found.size() == most ? found.get(most - 1).offset() + 1 : topic.stableEnd(number);
      if (to > from.offset) {
        int epoch = topic.epochAt(number, to - 1);
        positions.put(number, new Position(to, epoch));
        next.put(
            partition(number),
            new OffsetAndMetadata(to, epoch < 0 ? Optional.empty() : Optional.of(epoch), ""));
        List<Rec> shown =
            group == null && !mutant.readsTombstones()
                ? found.stream().filter(Rec::isSet).toList()
                : found;
        if (!shown.isEmpty()) {
          records.put(partition(number), shown.stream().map(r -> record(number, r)).toList());
        }
      }
    }
    return next.isEmpty() ? null : new Fetched(records, next);
  }

  /** Kafka's own has its offsets in an order that is another in each JVM. */
  private static final class Fetched extends ConsumerRecords<ByteBuffer, ByteBuffer> {
    private final Map<TopicPartition, OffsetAndMetadata> next;

    Fetched(
        Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records,
        Map<TopicPartition, OffsetAndMetadata> next) {
      super(records, next);
      this.next = next;
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> nextOffsets() {
      return next;
    }
  }

  private ConsumerRecord<ByteBuffer, ByteBuffer> record(int partition, Rec its) {
    byte[] key = its.key().getBytes(UTF_8);
    byte[] value = (its.key() + ':' + its.version()).getBytes(UTF_8);
    return new ConsumerRecord<>(
        topic.name(),
        partition,
        its.offset(),
        its.timestampMillis(),
        TimestampType.LOG_APPEND_TIME,
        key.length,
        its.isSet() ? value.length : 0,
        ByteBuffer.wrap(key),
        its.isSet() ? ByteBuffer.wrap(value) : null,
        new RecordHeaders(),
        Optional.of(its.epoch()));
  }

  /** Finds out whether the log was cut off below the position, as Kafka's consumer does. */
  private void validate(int number) {
    Position from = positions.get(number);
    if (from.epoch >= 0) {
      long same = topic.endOfEpoch(number, from.epoch);
      if (same < from.offset) {
        positions.put(number, new Position(same, from.epoch));
      }
    } else if (from.offset > topic.end(number)) {
      positions.put(number, new Position(0, -1));
    }
  }

  public void close() {
    SimGroup.Member now = member;
    ConsumerRebalanceListener told = listener;
    if (group == null || now == null || told == null || process.isDead()) {
      return;
    }
    if (now.isFenced()) {
      told.onPartitionsLost(partitions(now.owned()));
    } else {
      revoke(now, told, new TreeSet<>(now.owned()));
      group.leave(now);
    }
    member = null;
    listener = null;
  }

  private void roundTrip() {
    await(() -> false, scheduler.between(SOONEST, LATEST));
  }

  private void await(java.util.function.BooleanSupplier condition, long nanos) {
    try {
      process.await(condition, Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private SimGroup group() {
    if (group == null) {
      throw new IllegalStateException("a consumer in no group");
    }
    return group;
  }

  private SimGroup.Member requireMember() {
    if (member == null) {
      throw new IllegalStateException("no member yet");
    }
    return member;
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(topic.name(), number);
  }

  private Set<TopicPartition> partitions(Collection<Integer> numbers) {
    Set<TopicPartition> all = new HashSet<>();
    numbers.forEach(number -> all.add(partition(number)));
    return all;
  }

  private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
    Set<Integer> numbers = new TreeSet<>();
    partitions.forEach(its -> numbers.add(its.partition()));
    return numbers;
  }

  private static Map<Integer, OffsetAndMetadata> byNumber(
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<Integer, OffsetAndMetadata> byNumber = new TreeMap<>();
    offsets.forEach((its, next) -> byNumber.put(its.partition(), next));
    return byNumber;
  }
}
