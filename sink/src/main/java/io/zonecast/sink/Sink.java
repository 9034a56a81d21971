package io.zonecast.sink;

import io.zonecast.monitor.Contact;
import io.zonecast.monitor.RepeatedChecks;
import io.zonecast.schemas.NewTopicRule;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the nodes of a pool equal to a topic, until closed. Each time the topic is recreated under
 * its name, everything is built again around it.
 *
 * <p>{@link #run} is the sink; the other methods are for other threads.
 */
public final class Sink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sink.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private static final DescribeClusterOptions ASK_KAFKA =
      new DescribeClusterOptions().timeoutMs(2_000);

  private final SinkSettings settings;
  private final int partitions;
  private final NewTopicRule newTopic;
  private final Supplier<RowDecoder> decoders;
  private final SinkEvents events;
  private final Timing timing;
  private final Contact kafka;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable SinkSession session;
  private volatile long lastStepNanos = System.nanoTime();

  /**
   * @param partitions of the topic, if the sink has to create it
   * @param newTopic asked before it creates it
   * @param decoders makes the decoder of one thread
   */
  public Sink(
      SinkSettings settings,
      int partitions,
      NewTopicRule newTopic,
      Supplier<RowDecoder> decoders,
      SinkEvents events,
      Timing timing) {
    this.settings = settings;
    this.partitions = partitions;
    this.newTopic = newTopic;
    this.decoders = decoders;
    this.events = events;
    this.timing = timing;
    this.kafka =
        Contact.withKafka(
            settings.kafka().common().get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
  }

  /**
   * Runs until {@link #close}. Waits for brokers that do not answer. Creates the topic if it does
   * not exist at the start; waits for one that is deleted later, since it may be created again.
   *
   * @throws io.zonecast.schemas.TopicUnfitException if the topic is not what it must be
   * @throws io.zonecast.sink.checkpoint.SettingsDifferException if the cache was written otherwise
   * @throws org.apache.kafka.common.KafkaException if the brokers refuse us for good
   */
  public void run() throws InterruptedException {
    var clients = new SinkClients(settings);
    Admin admin = clients.admin();
    RepeatedChecks asking = kafka.ask(() -> admin.describeCluster(ASK_KAFKA).nodes().get());
    try {
      Optional<TopicInfo> first = ensureTopic(admin);
      if (first.isEmpty()) {
        return;
      }
      TopicInfo topic = first.get();
      while (!isClosing()) {
        try (var current =
            new SinkSession(settings, topic, clients, admin, decoders, events, timing)) {
          session = current;
          if (!isClosing()) {
            current.run();
          }
        } catch (RetriableException e) {
          LOG.warn("topic={} trying again: {}", settings.topic(), e.getMessage());
        }
        topic = awaitTopic(admin).orElse(topic);
      }
    } finally {
      asking.close();
      // Nothing is asked any more; a broker that is gone would be waited for.
      admin.close(CLOSE_TIMEOUT);
      ended.countDown();
    }
  }

  /** Waits for brokers that do not answer yet, as a running sink does. */
  private Optional<TopicInfo> ensureTopic(Admin admin) throws InterruptedException {
    do {
      lastStepNanos = System.nanoTime();
      try {
        return Optional.of(ZoneTopic.ensure(admin, settings.topic(), partitions, newTopic));
      } catch (TimeoutException e) {
        // If no broker answers anything, the contact has said so.
        if (!kafka.isLost()) {
          LOG.warn("topic={} waits for Kafka: {}", settings.topic(), e.getMessage());
        }
      }
    } while (!closing.await(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS));
    return Optional.empty();
  }

  private Optional<TopicInfo> awaitTopic(Admin admin) throws InterruptedException {
    boolean said = false;
    boolean saidUnknown = false;
    lastStepNanos = System.nanoTime();
    while (!closing.await(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
      try {
        Optional<TopicInfo> found = ZoneTopic.find(admin, settings.topic(), partitions);
        if (found.isPresent()) {
          return found;
        }
        if (!said) {
          LOG.warn("topic={} is gone: waiting until it is made anew", settings.topic());
          said = true;
        }
      } catch (RetriableException e) {
        if (!saidUnknown) {
          LOG.warn("topic={} cannot be asked for: {}", settings.topic(), e.getMessage());
          saidUnknown = true;
        }
      }
      lastStepNanos = System.nanoTime();
    }
    return Optional.empty();
  }

  /** Tells whether Kafka still answers. */
  public Contact kafka() {
    return kafka;
  }

  public SinkStatus status() {
    SinkSession current = session;
    return current == null ? SinkStatus.notJoined() : current.status();
  }

  /**
   * When the loop last began a turn, by {@link System#nanoTime}: the poll loop, or the one that
   * waits for brokers and for the topic.
   */
  public long lastTurnNanos() {
    SinkSession current = session;
    long step = lastStepNanos;
    if (current == null) {
      return step;
    }
    long turn = current.lastTurnNanos();
    return turn - step > 0 ? turn : step;
  }

  /** Ends {@link #run} in good order: what is in flight is awaited, checkpoints are released. */
  @Override
  public void close() {
    closing.countDown();
    SinkSession current = session;
    if (current != null) {
      current.stop();
    }
  }

  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }
}
