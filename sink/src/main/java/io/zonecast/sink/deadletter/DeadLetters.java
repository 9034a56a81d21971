package io.zonecast.sink.deadletter;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records that can never be applied aside, on a compacted topic: the same record is
 * dead-lettered once, even if it is read again. Thread-safe; only {@link #awaitRoom} and {@link
 * #close} wait.
 *
 * <p>A thread of its own writes the letters and retries failures, by partition and with longer
 * pauses each time. Records behind one whose letter is not written may be applied, but no
 * checkpoint may pass it ({@link #firstUnwritten}): the letter would be lost with this process.
 *
 * <p>A letter is the whole record and its reason. If the producer or the letters' topic does not
 * take that, the letter leaves out what may be large and says how much: no record is too large to
 * be put aside. {@code fill.RefusedEntries} decides what happens to a record that is too large for
 * a node.
 */
public final class DeadLetters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  /** Letters remembered as written, so that a fill that meets their records writes none again. */
  private static final int REMEMBERED = 10_000;

  /** The bytes of a partition's unwritten letters at which reading it stops. */
  private static final long MOST_BYTES = 4 << 20;

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private static final int UNKNOWN_EPOCH = -1;

  /** A letter without an answer for this long is in trouble, though nothing has failed. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final LetterFormat format;
  private final LetterWriter writer;
  private final DeadLetterListener listener;
  private final Timing timing;
  private final Map<Integer, OfPartition> partitions = new TreeMap<>();
  private final Set<Place> written = new LinkedHashSet<>();

  /** Rings for the writing thread. */
  private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);

  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Timing.@Nullable Worker thread;
  private boolean closed;

  private record Place(int partition, long offset, int leaderEpoch) {}

  /** The unwritten letters of one partition. */
  private static final class OfPartition {
    private final NavigableMap<Long, Letter> unwritten = new TreeMap<>();
    private long bytes;
    private int failures;
    private long dueNanos;
    private String trouble = "";
  }

  /**
   * @param source the topic of the records
   * @param group of this sink, for the headers
   * @param consumers opens a consumer in no group, to read a record back
   * @param producers opens a producer and creates the letters' topic; called at the first letter,
   *     since most sinks never need one, and again after a failure
   */
  public DeadLetters(
      TopicInfo source,
      String group,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Supplier<Producer<byte[], byte[]>> producers,
      DeadLetterListener listener,
      Timing timing) {
    this.format = new LetterFormat(ZoneTopic.deadLettersOf(source.name()), source.topicId(), group);
    this.writer = new LetterWriter(source.name(), format, consumers, producers);
    this.listener = listener;
    this.timing = timing;
  }

  /** Queues a record with its reason, unless it has a letter already. */
  public void send(ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    int epoch = record.leaderEpoch().orElse(UNKNOWN_EPOCH);
    if (!has(record.partition(), record.offset(), epoch)) {
      add(
          new Letter(
              record.partition(),
              record.offset(),
              epoch,
              reason,
              record.timestamp(),
              timing.nanoTime(),
              format.whole(record, reason)));
    }
  }

  /**
   * Queues records by their offsets; the writing thread reads them back from the topic. A record
   * that compaction has removed is superseded and needs no letter.
   *
   * @param reasons by offset
   * @param notBeforeMillis a lower bound on when these records were written
   */
  public void sendFrom(int partition, Map<Long, String> reasons, long notBeforeMillis) {
    long now = timing.nanoTime();
    reasons.forEach(
        (offset, reason) ->
            add(new Letter(partition, offset, UNKNOWN_EPOCH, reason, notBeforeMillis, now, null)));
  }

  private synchronized boolean has(int partition, long offset, int leaderEpoch) {
    OfPartition its = partitions.get(partition);
    Letter queued = its == null ? null : its.unwritten.get(offset);
    return written.contains(new Place(partition, offset, leaderEpoch))
        || (queued != null && queued.leaderEpoch() == leaderEpoch);
  }

  private synchronized void add(Letter letter) {
    if (has(letter.partition(), letter.offset(), letter.leaderEpoch())) {
      return;
    }
    OfPartition its = partitions.computeIfAbsent(letter.partition(), p -> new OfPartition());
    Letter lost = its.unwritten.put(letter.offset(), letter);
    its.bytes += letter.bytes() - (lost == null ? 0 : lost.bytes());
    if (thread == null) {
      thread = timing.start("zonecast-letters", this::run);
    }
    bell.offer(true);
  }

  /** Finds the first record at or after an offset whose letter is not written. */
  public synchronized Optional<Unwritten> firstUnwritten(int partition, long from) {
    OfPartition its = partitions.get(partition);
    Map.Entry<Long, Letter> first = its == null ? null : its.unwritten.ceilingEntry(from);
    if (its == null || first == null) {
      return Optional.empty();
    }
    Letter letter = first.getValue();
    boolean isSilent = timing.nanoTime() - letter.bornNanos() >= SILENCE.toNanos();
    String trouble = its.trouble.isEmpty() && isSilent ? text(new TimeoutException()) : its.trouble;
    return Optional.of(new Unwritten(letter.offset(), letter.notBeforeMillis(), trouble));
  }

  private String text(Throwable failure) {
    String said =
        failure instanceof TimeoutException
            ? "no answer in time; is it there, and are its brokers up?"
            : failure.getMessage();
    String remedy =
        failure instanceof TopicAuthorizationException ? "; allow this user Write on it" : "";
    return "topic " + format.topic() + " takes no dead letters: " + said + remedy;
  }

  /** Whether the partition's unwritten letters leave memory for more: read on only then. */
  public synchronized boolean hasRoom(int partition) {
    OfPartition its = partitions.get(partition);
    return its == null || its.bytes < MOST_BYTES;
  }

  /**
   * Waits until the partition has room for more letters.
   *
   * @throws KafkaException within seconds, if there is no room and letters cannot be written
   */
  public synchronized void awaitRoom(int partition) {
    try {
      while (!hasRoom(partition)) {
        String trouble = firstUnwritten(partition, 0).map(Unwritten::trouble).orElse("");
        if (!trouble.isEmpty()) {
          throw new KafkaException(trouble);
        }
        TimeUnit.NANOSECONDS.timedWait(this, SILENCE.toNanos());
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Writes what it can at once; the next sink writes the letters that remain. */
  @Override
  public void close() {
    Timing.Worker ending;
    synchronized (this) {
      closed = true;
      ending = thread;
    }
    if (ending == null) {
      return;
    }
    bell.offer(true);
    try {
      timing.get(ended, CLOSE_TIMEOUT);
    } catch (java.util.concurrent.TimeoutException | ExecutionException e) {
      LOG.debug("topic={} letters are left to the next sink", format.topic(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ending.end();
  }

  private void run() {
    try {
      for (List<Letter> due = awaitDue(); !due.isEmpty(); due = awaitDue()) {
        try {
          write(due);
        } catch (InterruptException e) {
          throw e;
        } catch (RuntimeException e) {
          // A thread that ended here would leave every later letter unwritten.
          LOG.error("topic={} letters not written", format.topic(), e);
          settle(List.of(), due.stream().collect(Collectors.toMap(letter -> letter, letter -> e)));
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("topic={} no letters are written any more", format.topic());
    } finally {
      writer.close();
      ended.complete(null);
    }
  }

  /** Waits for letters to write; once closed, it returns at once, perhaps none. */
  private List<Letter> awaitDue() throws InterruptedException {
    List<Letter> due = due();
    while (due.isEmpty() && !isClosed()) {
      timing.poll(bell, FIRST_BACKOFF);
      due = due();
    }
    return due;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized List<Letter> due() {
    long now = timing.nanoTime();
    return partitions.values().stream()
        .filter(its -> its.failures == 0 || now - its.dueNanos >= 0)
        .flatMap(its -> its.unwritten.values().stream())
        .toList();
  }

  private void write(List<Letter> due) throws InterruptedException {
    LetterWriter.Round round = writer.write(due);
    round.written().stream()
        .collect(Collectors.groupingBy(Letter::partition, TreeMap::new, Collectors.toList()))
        .forEach(this::tell);
    List<Letter> done = new ArrayList<>(due);
    done.removeAll(round.failed().keySet());
    settle(done, round.failed());
  }

  private synchronized void settle(List<Letter> done, Map<Letter, ? extends Throwable> failed) {
    done.forEach(this::forget);
    Map<Integer, String> reasons = new TreeMap<>();
    failed.forEach((letter, e) -> reasons.putIfAbsent(letter.partition(), text(e)));
    reasons.forEach(this::tryLater);
    notifyAll();
  }

  /** Reports one line and one event for a partition: a bad table may be a million letters. */
  private void tell(int partition, List<Letter> letters) {
    Letter first = letters.get(0);
    LOG.warn(
        "partition={} offset={} dead-lettered={} to={}: {}",
        partition,
        first.offset(),
        letters.size(),
        format.topic(),
        first.reason());
    listener.putAside(partition, letters.size(), first.offset(), first.reason());
  }

  private void forget(Letter letter) {
    OfPartition its = partitions.get(letter.partition());
    if (its != null && its.unwritten.remove(letter.offset(), letter)) {
      its.bytes -= letter.bytes();
      its.trouble = "";
      its.failures = 0;
      if (its.unwritten.isEmpty()) {
        partitions.remove(letter.partition());
      }
      written.add(new Place(letter.partition(), letter.offset(), letter.leaderEpoch()));
      if (written.size() > REMEMBERED) {
        written.remove(written.iterator().next());
      }
    }
  }

  private void tryLater(int partition, String reason) {
    OfPartition its = partitions.get(partition);
    if (its != null) {
      its.trouble = reason;
      its.dueNanos =
          timing.nanoTime() + (FIRST_BACKOFF.toNanos() << Math.min(its.failures, MOST_DOUBLINGS));
      its.failures++;
    }
  }
}
