package io.zonecast.ingest.stream;

import io.zonecast.monitor.Contact;
import io.zonecast.monitor.RepeatedChecks;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.topic.ReaderSettings;
import io.zonecast.schemas.wire.RowDecoder;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes updates from their topic and writes to the table what changes something, each once, until
 * closed. Any number of processes share the partitions.
 *
 * <p>{@link #run} is the stream; the other methods are for other threads.
 */
public final class UpdateStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateStream.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(20);

  /** An answer takes a round trip or two; the stream's other updates wait meanwhile. */
  private static final Duration PATIENCE = Duration.ofMillis(10);

  private static final DescribeClusterOptions ASK_KAFKA =
      new DescribeClusterOptions().timeoutMs(2_000);

  private final StreamSettings settings;
  private final Duration closeTimeout;
  private final StreamCounts counts = new StreamCounts();
  private final Contact kafka;

  /** Open until it is closed, or has failed for good. */
  private final CountDownLatch over = new CountDownLatch(1);

  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile @Nullable KafkaStreams running;

  public UpdateStream(StreamSettings settings) {
    this(settings, CLOSE_TIMEOUT);
  }

  /**
   * @param closeTimeout how long its threads are waited for at the end, and then Kafka's client
   */
  UpdateStream(StreamSettings settings, Duration closeTimeout) {
    this.settings = settings;
    this.closeTimeout = closeTimeout;
    this.kafka =
        Contact.withKafka(settings.kafka().admin().get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
  }

  /**
   * Runs until {@link #close}. Waits for brokers that do not answer. Makes the topics that are not
   * there.
   *
   * @throws io.zonecast.schemas.TopicUnfitException if a topic is not what it must be
   * @throws org.apache.kafka.common.KafkaException if the brokers refuse us for good, or the stream
   *     cannot go on
   */
  public void run() throws InterruptedException {
    Admin admin = admin();
    RepeatedChecks asking = kafka.ask(() -> admin.describeCluster(ASK_KAFKA).nodes().get());
    try {
      Optional<Topics> topics = ensureTopics(admin);
      if (topics.isPresent()) {
        run(admin, topics.get());
      }
    } finally {
      asking.close();
      // Without a bound it waits for brokers that are gone.
      admin.close(closeTimeout);
    }
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private record Topics(TopicInfo table, TopicInfo updates) {}

  private void run(Admin admin, Topics topics) throws InterruptedException {
    TableProgress progress =
        new TableProgress(HighWatermarks.of(admin, settings.topic()), PATIENCE);
    CopyFreshness copies =
        new CopyFreshness(
            settings.stateDirectory().resolve(settings.group() + ".current"),
            topics.table.topicId(),
            topics.table.deleteRetention(),
            Clock.systemUTC());
    KafkaStreams streams = open(topology(progress, admin, topics), progress, copies);
    try {
      streams.setUncaughtExceptionHandler(this::goOnAfter);
      streams.setGlobalStateRestoreListener(new RestoreLog(System::nanoTime));
      streams.setStateListener(
          (now, was) -> {
            LOG.info("state={} was={}", now, was);
            if (now == State.ERROR) {
              failure.compareAndSet(
                  null,
                  new StreamsException(
                      "the stream has given up; its log says why, start it again"));
              over.countDown();
            }
          });
      running = streams;
      streams.start();
      while (!over.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        if (status().ready()) {
          copies.markCurrent();
        }
      }
    } finally {
      close(streams);
      running = null;
    }
  }

  /** Not by {@link KafkaStreams#close()}, which waits for a thread that is stuck for ever. */
  private void close(KafkaStreams streams) {
    if (!streams.close(closeTimeout)) {
      LOG.warn(
          "did not stop within {} s; what was not committed is done again",
          closeTimeout.toSeconds());
    }
  }

  private KafkaStreams open(Topology topology, TableProgress progress, CopyFreshness copies) {
    StreamsConfig config =
        new StreamsConfig(StreamsConfiguration.of(settings, InstanceName.of(settings)));
    try {
      boolean areThere = Files.exists(settings.stateDirectory().resolve(settings.group()));
      KafkaStreams streams =
          new KafkaStreams(topology, config, new ObservedClients(settings.topic(), progress));
      Optional<String> problem = copies.problem();
      if (areThere && problem.isPresent()) {
        LOG.info("reads the copies of {} back: {}", settings.topic(), problem.get());
        streams.cleanUp();
      }
      return streams;
    } catch (StreamsException e) {
      if (String.valueOf(e.getMessage()).contains("same state directory")) {
        throw new StreamsException(
            ("state directory %s: another process has it; give each its own, with"
                    + " kafka.streams.state.dir in the file of --config")
                .formatted(settings.stateDirectory()),
            e);
      }
      throw e;
    }
  }

  private Topology topology(TableProgress progress, Admin admin, Topics topics) {
    Map<String, Object> consumer = settings.kafka().consumer();
    Supplier<RowDecoder> decoders = RowSerdes.decoders(consumer, settings.topic());
    return new UpdateTopology(
            settings.topic(),
            settings.partitions(),
            settings.group(),
            settings.rejectStale(),
            progress,
            HighWatermarks.of(admin, topics.updates.name()),
            new LastWriters(
                this::reader,
                settings.topic(),
                topics.updates.topicId(),
                topics.table.deleteRetention(),
                Clock.systemUTC(),
                System::nanoTime),
            counts)
        .build(
            () -> UpdateSerdes.decoder(consumer, ZoneTopic.updatesOf(settings.topic())),
            decoders,
            () -> RowSerdes.encoder(settings.kafka().producer(), settings.topic()),
            Stores::persistentKeyValueStore,
            settings.topic());
  }

  /** A consumer beside those of Streams, of no group. */
  private Consumer<byte[], byte[]> reader(IsolationLevel isolation) {
    Map<String, Object> config = ReaderSettings.of(settings.kafka().consumer(), isolation);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Streams calls it on a thread that has failed, which then ends. */
  private StreamThreadExceptionResponse goOnAfter(Throwable thrown) {
    RuntimeException fatal = fatal(thrown);
    if (fatal != null) {
      failure.compareAndSet(null, fatal);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.warn(
        "a thread failed and is replaced, what it had not committed is done again: {}",
        words(thrown));
    LOG.debug("why", thrown);
    // What fails at once again, as a disk that is full, is not to fail a thousand times a second.
    LockSupport.parkNanos(RETRY_AFTER.toNanos());
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** What no other thread would do better. */
  private @Nullable RuntimeException fatal(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof FencedInstanceIdException) {
        return new StreamsException(
            ("another process of group %s has taken this one's name; give each an --instance"
                    + " of its own")
                .formatted(settings.group()),
            at);
      }
      if (at instanceof MissingSourceTopicException) {
        return new StreamsException(
            "topic %s or %s is gone; start again to have it made anew"
                .formatted(settings.topic(), ZoneTopic.updatesOf(settings.topic())),
            at);
      }
      if (at instanceof AuthorizationException
          || at instanceof AuthenticationException
          || at instanceof ConfigException) {
        return (RuntimeException) at;
      }
    }
    return null;
  }

  private static String words(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  /** Waits for brokers that do not answer yet; empty if it is closed meanwhile. */
  private Optional<Topics> ensureTopics(Admin admin) throws InterruptedException {
    do {
      try {
        Topics topics =
            new Topics(
                ZoneTopic.ensure(
                    admin, settings.topic(), settings.partitions(), settings.newTopic()),
                ZoneTopic.ensureUpdates(admin, settings.topic(), settings.partitions()));
        ZoneTopic.ensureRejected(admin, settings.topic());
        ZoneTopic.adviceOnUpdates(admin, settings.topic())
            .ifPresent(advice -> LOG.warn("topic {}: {}", topics.updates.name(), advice));
        return Optional.of(topics);
      } catch (TimeoutException e) {
        // If no broker answers anything, the contact has said so.
        if (!kafka.isLost()) {
          LOG.warn("topic={} waits for Kafka: {}", settings.topic(), e.getMessage());
        }
      }
    } while (!over.await(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS));
    return Optional.empty();
  }

  private Admin admin() {
    Map<String, Object> config = new HashMap<>();
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    config.putAll(settings.kafka().admin());
    return Admin.create(config);
  }

  /** What has become of the updates so far. */
  public StreamCounts.Snapshot counts() {
    return counts.snapshot();
  }

  StreamSettings settings() {
    return settings;
  }

  /** Whether Kafka still answers, which Streams' own state does not tell. */
  Contact kafka() {
    return kafka;
  }

  /** Null before it is started, and when it has ended. */
  @Nullable KafkaStreams running() {
    return running;
  }

  /** How it stands now. */
  public StreamStatus status() {
    KafkaStreams streams = running;
    if (streams == null) {
      return new StreamStatus("WAITING", false, over.getCount() > 0);
    }
    return StreamStatus.of(streams.state(), kafka);
  }

  /** Ends {@link #run} in good order: what was read is committed. */
  @Override
  public void close() {
    over.countDown();
  }
}
