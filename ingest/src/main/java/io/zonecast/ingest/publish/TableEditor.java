package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.wire.RowSerde;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes rows of the table without a file: undoes a publish, or deletes a carrier. First it reads
 * what there is, so that the user can be asked; then {@link #commit} writes it in one transaction,
 * with an entry in the log. {@link KeyHistory} decides what an undo does with a row that was
 * written later. For one edit, and one thread; an interrupt stops it up to the commit.
 */
public final class TableEditor implements AutoCloseable {
  private final ClientSettings clients;
  private final RowSerde serde;
  private final PublishSettings settings;
  private final StepProgress progress;
  private final Admin admin;
  private final TopicInfo topic;
  private final KeyDigest digest = new KeyDigest(new SecureRandom());
  private final EditedRows rows = new EditedRows(digest, new TextNumbers("zones with their flags"));
  private final RecordDigester records;
  private final String editId = RowHeaders.newPublishId();
  private final Optional<PublishTransaction> transaction;
  private final Watermark watermark;
  private long rowsOfTheTable;
  private String whatIsDone = "";
  private List<String> carriers = List.of();
  private @Nullable String undoes;

  private TableEditor(
      ClientSettings clients,
      RowSerde serde,
      PublishSettings settings,
      StepProgress progress,
      Admin admin,
      Optional<PublishTransaction> transaction)
      throws PublishException {
    this.clients = clients;
    this.serde = serde;
    this.settings = settings;
    this.progress = progress;
    this.admin = admin;
    this.transaction = transaction;
    topic = ZoneTopic.check(admin, settings.topic(), settings.partitions());
    records =
        new RecordDigester(
            digest,
            new TextNumbers("carriers"),
            new CarrierCodes().names(),
            rows.contents(),
            serde.decoder(),
            topic.partitions());
    if (transaction.isPresent()) {
      ZoneTopic.ensurePublishes(admin, topic.name());
      // Before the watermark: what another publish left open is ended below it.
      transaction.get().take();
    }
    watermark = Watermark.take(admin, topic.name(), topic.partitions());
  }

  /**
   * Looks at the topic and, unless {@code dryRun}, takes its transactional id, which ends a publish
   * that is running.
   *
   * @param settings with the one who edits, for the log
   * @throws io.zonecast.schemas.TopicUnfitException if the topic or its log is not what it must be
   * @throws PublishException if the transactional id cannot be taken
   */
  public static TableEditor open(
      ClientSettings clients,
      RowSerde serde,
      PublishSettings settings,
      StepProgress progress,
      boolean dryRun)
      throws PublishException {
    Admin admin = Admin.create(clients.admin());
    Optional<PublishTransaction> transaction =
        dryRun
            ? Optional.empty()
            : Optional.of(
                new PublishTransaction(
                    PublishTransaction.producer(clients.producer(), settings),
                    settings,
                    System::nanoTime));
    try {
      return new TableEditor(clients, serde, settings, progress, admin, transaction);
    } catch (PublishException | RuntimeException e) {
      transaction.ifPresent(PublishTransaction::close);
      admin.close();
      throw e;
    }
  }

  /**
   * What an undo will do.
   *
   * @param of the publish that is undone
   * @param counts of the rows that are written
   * @param kept the keys of changed and removed rows that someone wrote later
   * @param keptAdded how many added rows someone wrote later
   * @param later publishes of the same carriers since, the oldest first
   * @param refusals why it must not be done; empty if it may
   */
  public record Undo(
      PublishSummary of,
      DiffCounts counts,
      List<String> kept,
      long keptAdded,
      List<PublishSummary> later,
      List<Refusal> refusals) {
    public Undo {
      kept = List.copyOf(kept);
      later = List.copyOf(later);
    }
  }

  /**
   * Finds what undoing a publish writes: what it changed and removed gets back what it had, what it
   * added is removed, unless someone wrote it later.
   *
   * @param rules what the restored rows must keep; their dates are not asked
   * @param overLater whether changed and removed rows that were written later get it back too
   * @throws NoSuchPublishException if the log does not hold it, or it was to another topic
   */
  public Undo undo(String publishId, boolean overLater, RowRules rules)
      throws NoSuchPublishException, InterruptedException {
    LoggedPublish publish = new LoggedPublish(publishId, rows);
    new PublishLog(clients, topic.name()).read(publish);
    PublishSummary of = publish.require(topic);
    UndoRules undoRules = new UndoRules(rules, digest);
    readTable(
        (record, key, content) -> {
          publish.row(record, key, content);
          undoRules.row(key, content);
        });
    long removed = publish.decide(overLater);
    whatIsDone = "undo of " + publishId;
    carriers = of.getCarriers();
    undoes = publishId;
    return new Undo(
        of,
        rows.counts(),
        rows.kept(),
        of.getAdded() - removed,
        publish.later(),
        undoRules.refusals(rows));
  }

  /** Finds the rows of a carrier, which are all removed; returns how many there are. */
  public long delete(String carrier) throws InterruptedException {
    byte[] prefix = (carrier + ":").getBytes(StandardCharsets.UTF_8);
    readTable(
        (record, key, content) -> {
          if (TableScan.beginsWith(key, prefix)) {
            rows.stands(rows.add(key, DigestBlock.NO_VALUE), content);
          }
        });
    for (int index = 0; index < rows.size(); index++) {
      rows.choose(index);
    }
    whatIsDone = "delete " + carrier;
    carriers = List.of(carrier);
    return rows.counts().removed();
  }

  private void readTable(TableScan.Visitor visitor) throws InterruptedException {
    try (TopicReader reader =
        new TopicReader(
            TopicReader.consumer(clients.consumer()), watermark, patience(), progress)) {
      RowCount counted = new RowCount(digest, visitor);
      TableScan.read(reader, records, counted);
      rowsOfTheTable = counted.rows();
    }
  }

  private Patience patience() {
    return Patience.ofAMinute(
        System::nanoTime,
        new OpenTransactionNotice(admin, settings.transactionalId(), Clock.systemUTC()));
  }

  /** The id of the edit, as of a publish. */
  public String editId() {
    return editId;
  }

  /**
   * Writes what was found, all or nothing; nothing if there is nothing to write.
   *
   * @return the keys whose records, written by others since the rows were read, it overwrote
   * @throws PublishException if it failed
   */
  public List<String> commit() throws PublishException, InterruptedException {
    DiffCounts counts = rows.counts();
    if (counts.records() == 0) {
      return List.of();
    }
    PublishTransaction writing = transaction.orElseThrow();
    writing.open();
    PublishSummary summary =
        settings
            .log()
            .orElseThrow()
            .summary(editId, topic, List.of(), carriers, counts, List.of(), undoes);
    rows.write(
        new RecordWriter(
            writing,
            new RecordWriter.Labels(topic.name(), List.of(RowHeaders.of(editId, whatIsDone))),
            serde.encoder(),
            rows.contents(),
            Optional.of(
                new PublishLogWriter(
                    writing,
                    ZoneTopic.publishesOf(topic.name()),
                    rows.contents(),
                    summary,
                    rowsOfTheTable + counts.growth())),
            progress,
            counts.records()));
    writing.flush();
    writing.commit();
    readSince();
    return rows.overwritten();
  }

  /** Reads what came between the watermark and the commit. */
  private void readSince() throws InterruptedException {
    Watermark now = Watermark.take(admin, topic.name(), topic.partitions());
    byte[] ours = editId.getBytes(StandardCharsets.UTF_8);
    try (Consumer<ByteBuffer, ByteBuffer> consumer = TopicReader.consumer(clients.consumer())) {
      new RangeReading<>(consumer, watermark.ends(), now::end)
          .toEnd(
              patience(),
              record -> {
                ByteBuffer key = record.key();
                if (key != null && records.isKeyOf(record.partition(), key)) {
                  rows.recordSince(key, RowHeaders.isOf(ours, record.headers()));
                }
              });
    }
  }

  @Override
  public void close() {
    transaction.ifPresent(PublishTransaction::close);
    admin.close();
  }
}
