package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.RowSerde;
import io.zonecast.schemas.wire.Utf8Slice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * Writes the table as CSV, in the order of {@code LC_ALL=C sort}. The same rows are always the same
 * bytes. It holds about 40 bytes for each key of the topic, those of deleted rows too.
 */
public final class TableExport {
  private static final String HEADER = "carrier,origin,destination,zone,flags,effective_date\n";

  private final ClientSettings clients;
  private final RowSerde serde;
  private final PublishSettings settings;
  private final StepProgress progress;

  /**
   * What was written.
   *
   * @param unreadable rows that were left out, since their values cannot be read
   */
  public record Exported(long rows, long unreadable) {}

  public TableExport(
      ClientSettings clients, RowSerde serde, PublishSettings settings, StepProgress progress) {
    this.clients = clients;
    this.serde = serde;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Writes the rows that are committed now.
   *
   * @param carrier the only one whose rows are written; empty for all
   * @throws io.zonecast.schemas.TopicUnfitException if there is no such topic, or it is not what it
   *     must be
   */
  public Exported write(Optional<String> carrier, OutputStream out)
      throws IOException, InterruptedException {
    KeyDigest digest = new KeyDigest(new SecureRandom());
    TextNumbers contents = new TextNumbers("zones with their flags");
    KeyTable rows = new KeyTable(digest, 1);
    byte[] prefix = carrier.map(name -> name + ":").orElse("").getBytes(StandardCharsets.UTF_8);
    try (Admin admin = Admin.create(clients.admin())) {
      TopicInfo topic = ZoneTopic.check(admin, settings.topic(), settings.partitions());
      RecordDigester records =
          new RecordDigester(
              digest,
              new TextNumbers("carriers"),
              new CarrierCodes().names(),
              contents,
              serde.decoder(),
              topic.partitions());
      Watermark watermark = Watermark.take(admin, topic.name(), topic.partitions());
      Patience patience =
          Patience.ofAMinute(
              System::nanoTime,
              new OpenTransactionNotice(admin, settings.transactionalId(), Clock.systemUTC()));
      try (TopicReader reader =
          new TopicReader(
              TopicReader.consumer(clients.consumer()), watermark, patience, progress)) {
        TableScan.read(
            reader,
            records,
            (record, key, content) -> {
              if (TableScan.beginsWith(key, prefix)) {
                rows.set(rows.add(key), KeyTable.FIRST, content);
              }
            });
      }
    }
    return write(rows, contents, out);
  }

  private static Exported write(KeyTable rows, TextNumbers contents, OutputStream out)
      throws IOException {
    long written = 0;
    long unreadable = 0;
    RowFields fields = new RowFields();
    out.write(HEADER.getBytes(StandardCharsets.US_ASCII));
    for (int index : rows.sorted()) {
      int content = rows.get(index, KeyTable.FIRST);
      if (content >= 0) {
        fields.pointAtKey(rows.key(index));
        contents.pointAt(content, fields);
        write(fields, out);
        written++;
      } else if (content == DigestBlock.UNREADABLE_VALUE) {
        unreadable++;
      }
    }
    return new Exported(written, unreadable);
  }

  private static void write(RowFields row, OutputStream out) throws IOException {
    write(row.carrier(), out);
    out.write(',');
    write(row.origin(), out);
    out.write(',');
    write(row.destination(), out);
    out.write(',');
    write(row.zone(), out);
    out.write(',');
    write(row.flags(), out);
    out.write(',');
    if (row.dated()) {
      out.write(
          LocalDate.ofEpochDay(row.effectiveEpochDay())
              .toString()
              .getBytes(StandardCharsets.US_ASCII));
    }
    out.write('\n');
  }

  /** Writes a text, in quotes if CSV gives one of its characters a meaning. */
  private static void write(Utf8Slice text, OutputStream out) throws IOException {
    String field = text.isNull() ? "" : text.toString();
    if (field.indexOf(',') >= 0 || field.indexOf('"') >= 0) {
      field = '"' + field.replace("\"", "\"\"") + '"';
    }
    out.write(field.getBytes(StandardCharsets.US_ASCII));
  }
}
