package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.ZoneFileException;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedFile;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowSerde;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.header.Header;

/**
 * Makes the topic equal to a file, by the difference alone, all or nothing.
 *
 * <p>Both ways begin alike: the file is compared with what the topic holds up to the high watermark
 * of the start, as far as it is committed. {@link #plan} then shows the difference; {@link
 * #publish} has the guards judge it and sends it in one transaction, which is opened only then:
 * while one is open, nobody sees what others commit behind it.
 *
 * <p>A publisher can be used again, by one thread at a time; {@link #cancel} is for another thread.
 */
public final class ZonePublisher {
  private final ClientSettings clients;
  private final RowSerde rows;
  private final PublishSettings settings;
  private final StepProgress progress;
  private final int chunkRows;
  private final LongSupplier nanoTime;
  private final Cancellation cancellation = new Cancellation();

  /**
   * @param rows how rows become the topic's values, and back
   */
  public ZonePublisher(
      ClientSettings clients, RowSerde rows, PublishSettings settings, StepProgress progress) {
    this(clients, rows, settings, progress, Comparison.BATCH_ROWS, System::nanoTime);
  }

  ZonePublisher(
      ClientSettings clients,
      RowSerde rows,
      PublishSettings settings,
      StepProgress progress,
      int chunkRows,
      LongSupplier nanoTime) {
    this.clients = clients;
    this.rows = rows;
    this.settings = settings;
    this.progress = progress;
    this.chunkRows = chunkRows;
    this.nanoTime = nanoTime;
  }

  /**
   * Finds out what a publish would do, and does nothing. A topic that does not exist counts as one
   * without rows, and is not made.
   *
   * @param listing hears every change, in file order, removed rows last
   * @throws ZoneFileException if the file cannot be read
   * @throws io.zonecast.schemas.TopicUnfitException if the topic is not what it must be
   * @throws org.apache.kafka.common.KafkaException if the brokers cannot be asked
   * @throws PublishException if the file changed meanwhile
   * @throws IOException if {@code listing} throws it
   * @throws InterruptedException if the thread was interrupted, or {@link #cancel} called
   */
  public Plan plan(Edition edition, ChangeListing listing)
      throws IOException, PublishException, InterruptedException {
    return cancellation.run(() -> planUncancelled(edition, listing));
  }

  /**
   * Publishes the difference, or nothing.
   *
   * @throws ZoneFileException if the file cannot be read; no other IOException
   * @throws io.zonecast.schemas.TopicUnfitException if the topic is not what it must be
   * @throws org.apache.kafka.common.KafkaException if the brokers cannot be asked
   * @throws PublishException if it failed. Nothing is published then; if the message says that the
   *     brokers did not confirm the commit, it is unknown whether all rows are published, or none
   * @throws InterruptedException if the thread was interrupted, or {@link #cancel} called; nothing
   *     was published
   */
  public PublishOutcome publish(Edition edition)
      throws IOException, PublishException, InterruptedException {
    return cancellation.run(() -> publishUncancelled(edition));
  }

  /**
   * Stops what is running: its transaction is aborted, unless it is being committed already, which
   * is then finished. Waits for that; afterwards whatever is begun stops at once. For a shutdown
   * hook.
   *
   * @return whether it came to its end within {@code patience}
   */
  public boolean cancel(Duration patience) {
    return cancellation.cancel(patience);
  }

  private Plan planUncancelled(Edition edition, ChangeListing listing)
      throws IOException, PublishException, InterruptedException {
    long startedAt = nanoTime.getAsLong();
    try (Comparison comparison = compare(edition, true);
        Admin admin = Admin.create(clients.admin())) {
      Optional<TopicInfo> topic =
          ZoneTopic.find(admin, settings.topic(), settings.partitions(), settings.newTopic());
      int partitions = topic.map(TopicInfo::partitions).orElse(0);
      Watermark watermark = Watermark.take(admin, settings.topic(), partitions);
      try (TopicReaders readers = readers(admin, watermark)) {
        comparison.readTopic(readers.all(), partitions);
        ZoneDiff diff = comparison.readFile();
        comparison.changedRows().requireSameFile(diff);
        Optional<KeyTable> removed =
            diff.leftTheFile() > 0
                ? Optional.of(comparison.findRemoved(readers.all(), partitions))
                : Optional.empty();
        ChangeSample sample = sample(comparison, diff, removed, listing);
        return new Plan(
            report(edition, diff, sample.bytes(), startedAt),
            topic.map(its -> its.topicId().toString()).orElse(""),
            settings.guards().refusals(diff),
            sample.first());
      }
    }
  }

  private static ChangeSample sample(
      Comparison comparison, ZoneDiff diff, Optional<KeyTable> removed, ChangeListing listing)
      throws IOException, PublishException, InterruptedException {
    ChangeSample sample = new ChangeSample(listing, comparison.values());
    if (diff.counts().records() > diff.leftTheFile()) {
      comparison
          .changedRows()
          .forEach(
              diff.checksums(), (chunk, row, n) -> sample.row(chunk, row, comparison.before(n)));
    }
    if (removed.isPresent()) {
      KeyTable keys = removed.get();
      for (int i = 0; i < keys.size(); i++) {
        sample.removed(keys.key(i), keys.get(i, KeyTable.FIRST));
      }
    }
    return sample;
  }

  private PublishOutcome publishUncancelled(Edition edition)
      throws IOException, PublishException, InterruptedException {
    long startedAt = nanoTime.getAsLong();
    String publishId = RowHeaders.newPublishId();
    // What is replaced is remembered for the log.
    Optional<ApprovedPlan> approved = settings.guards().approved();
    try (Comparison comparison =
            compare(edition, settings.log().isPresent() || approved.isPresent());
        Admin admin = Admin.create(clients.admin())) {
      TopicInfo topic =
          approved.isPresent() && approved.get().knowsItsTopic()
              ? ZoneTopic.check(admin, settings.topic(), settings.partitions())
              : ZoneTopic.ensure(
                  admin, settings.topic(), settings.partitions(), settings.newTopic());
      if (settings.log().isPresent()) {
        ZoneTopic.ensurePublishes(admin, settings.topic());
      }
      try (PublishTransaction transaction = transaction()) {
        // Before the watermark: whatever a dead publisher left open is aborted below it.
        transaction.take();
        ZoneDiff diff;
        Optional<KeyTable> removed = Optional.empty();
        Watermark watermark = Watermark.take(admin, settings.topic(), topic.partitions());
        try (TopicReaders readers = readers(admin, watermark)) {
          comparison.readTopic(readers.all(), topic.partitions());
          diff = comparison.readFile();
          List<Refusal> refusals = settings.guards().refusals(diff);
          if (!refusals.isEmpty()) {
            return new PublishOutcome.Refused(report(edition, diff, 0, startedAt), refusals);
          }
          if (diff.leftTheFile() > 0) {
            removed = Optional.of(comparison.findRemoved(readers.all(), topic.partitions()));
          }
        }
        comparison.changedRows().requireSameFile(diff);
        if (approved.isPresent()) {
          PlanDigest digest = new PlanDigest();
          List<Change> first = sample(comparison, diff, removed, digest).first();
          Optional<Refusal> other =
              approved.get().refusal(topic, diff.counts(), digest.hex(), first);
          if (other.isPresent()) {
            return new PublishOutcome.Refused(
                report(edition, diff, 0, startedAt), List.of(other.get()));
          }
        }
        long bytes = 0;
        if (diff.counts().records() > 0) {
          RecordWriter writer = open(transaction, comparison, diff, publishId, edition, topic);
          send(writer, comparison, diff, removed);
          transaction.flush();
          cancellation.beginCommit();
          transaction.commit();
          bytes = writer.bytes();
        }
        return new PublishOutcome.Published(report(edition, diff, bytes, startedAt), publishId);
      }
    }
  }

  private RecordWriter open(
      PublishTransaction transaction,
      Comparison comparison,
      ZoneDiff diff,
      String publishId,
      Edition edition,
      TopicInfo topic)
      throws PublishException {
    RowEncoder encoder = rows.encoder();
    transaction.open();
    Optional<PublishLogWriter> changes = Optional.empty();
    if (settings.log().isPresent()) {
      PublishSummary summary =
          settings
              .log()
              .get()
              .summary(
                  publishId,
                  topic,
                  files(edition, diff),
                  comparison.carriers(),
                  diff.counts(),
                  Guards.overridden(diff),
                  null);
      changes =
          Optional.of(
              new PublishLogWriter(
                  transaction,
                  ZoneTopic.publishesOf(settings.topic()),
                  comparison.values(),
                  summary,
                  comparison.rowsOfTheTopic() + diff.counts().growth()));
    }
    return new RecordWriter(
        transaction,
        new RecordWriter.Labels(settings.topic(), headers(publishId, edition, diff)),
        encoder,
        comparison.values(),
        changes,
        progress,
        diff.counts().records());
  }

  private static List<PublishedFile> files(Edition edition, ZoneDiff diff) {
    List<PublishedFile> files = new ArrayList<>();
    for (int file = 0; file < edition.files().size(); file++) {
      files.add(new PublishedFile(edition.files().get(file).name(), diff.checksums().get(file)));
    }
    return files;
  }

  private static List<List<Header>> headers(String publishId, Edition edition, ZoneDiff diff) {
    return files(edition, diff).stream()
        .map(file -> RowHeaders.of(publishId, file.getSha256(), file.getName()))
        .toList();
  }

  private static void send(
      RecordWriter writer, Comparison comparison, ZoneDiff diff, Optional<KeyTable> removed)
      throws IOException, PublishException, InterruptedException {
    if (diff.counts().records() > diff.leftTheFile()) {
      comparison
          .changedRows()
          .forEach(
              diff.checksums(), (chunk, row, n) -> writer.row(chunk, row, comparison.before(n)));
    }
    if (removed.isPresent()) {
      KeyTable keys = removed.get();
      for (int i = 0; i < keys.size(); i++) {
        writer.tombstone(keys.key(i), keys.get(i, KeyTable.FIRST));
      }
    }
    writer.finish();
  }

  private Comparison compare(Edition edition, boolean rememberBefore) {
    Comparison comparison =
        new Comparison(
            edition,
            chunkRows,
            Comparison.ROWS_KEPT,
            rows::decoder,
            rememberBefore,
            settings.guards().rules(),
            progress);
    // Reading the file needs no broker: it runs while the first of them is looked for.
    comparison.start();
    return comparison;
  }

  private PublishTransaction transaction() {
    return new PublishTransaction(
        PublishTransaction.producer(clients.producer(), settings), settings, nanoTime);
  }

  private TopicReaders readers(Admin admin, Watermark watermark) {
    return new TopicReaders(
        () -> TopicReader.consumer(clients.consumer()),
        watermark,
        Patience.ofAMinute(
            nanoTime,
            new OpenTransactionNotice(admin, settings.transactionalId(), Clock.systemUTC())),
        progress);
  }

  private PublishReport report(Edition edition, ZoneDiff diff, long bytes, long startedAt) {
    return new PublishReport(
        settings.topic(),
        edition.name(),
        diff,
        bytes,
        Duration.ofNanos(nanoTime.getAsLong() - startedAt));
  }
}
