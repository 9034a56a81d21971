package io.zonecast.ingest.stream;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.UpdateDecoder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/**
 * Connects the steps. An update is validated; it is rejected if a publish has overtaken it or, with
 * {@code --reject-stale}, if it comes too late; it is dropped if it changes nothing; otherwise it
 * is written to the table. Beside that, each task reads its partition of the table back into a
 * store.
 *
 * <p>A task has one partition of the updates and the same one of the table: both topics have the
 * same number of them.
 */
final class UpdateTopology {
  static final String UPDATES = "updates";
  static final String ROWS = "rows";
  static final String READ_TABLE = "read-table";
  static final String TABLE = "table";
  static final String VALIDATE = "validate";
  static final String REJECT_OVERTAKEN = "reject-overtaken";
  static final String REJECT_STALE = "reject-stale";
  static final String TIMES = "update-times";
  static final String DROP_UNCHANGED = "drop-unchanged";
  static final String WRITE = "write";
  static final String REJECT = "reject";
  static final String TO_ZONES = "to-zones";
  static final String TO_REJECTED = "to-rejected";

  /**
   * Streams takes the record with the lowest time first. By their own times, a published file of a
   * million rows would come before an update that was sent after it; by the time at which each
   * became the next of its partition, rows and updates take turns.
   */
  private static final TimestampExtractor IN_TURNS = new WallclockTimestampExtractor();

  private final String table;
  private final int partitions;
  private final String group;
  private final boolean rejectStale;
  private final TableProgress progress;
  private final HighWatermarks ends;
  private final LastWriters writers;
  private final StreamCounts counts;

  /**
   * @param partitions how many {@code table} has
   * @param group who rejects, for the headers
   * @param ends where the updates' partitions end
   */
  UpdateTopology(
      String table,
      int partitions,
      String group,
      boolean rejectStale,
      TableProgress progress,
      HighWatermarks ends,
      LastWriters writers,
      StreamCounts counts) {
    this.table = table;
    this.partitions = partitions;
    this.group = group;
    this.rejectStale = rejectStale;
    this.progress = progress;
    this.ends = ends;
    this.writers = writers;
    this.counts = counts;
  }

  /**
   * Builds it. What is supplied belongs to one task each.
   *
   * @param updates how an update is read
   * @param decoders how the table's rows are read
   * @param encoders how rows are written
   * @param stores by their names
   * @param writtenTo where rows go: the table, except in a test without a broker, which would read
   *     them back at once
   */
  Topology build(
      Supplier<UpdateDecoder> updates,
      Supplier<RowDecoder> decoders,
      Supplier<RowEncoder> encoders,
      Function<String, KeyValueBytesStoreSupplier> stores,
      String writtenTo) {
    var bytesIn = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    String rejected = ZoneTopic.rejectedOf(table);
    String checked = rejectStale ? REJECT_STALE : REJECT_OVERTAKEN;

    Topology topology = new Topology();
    topology.addSource(
        AutoOffsetReset.earliest(),
        UPDATES,
        IN_TURNS,
        bytesIn,
        bytesIn,
        ZoneTopic.updatesOf(table));
    topology.addProcessor(
        VALIDATE,
        () -> new ValidateUpdates(partitions, writers.updatesId(), updates, counts),
        UPDATES);
    topology.addProcessor(
        REJECT_OVERTAKEN,
        () ->
            new RejectOvertaken(
                ends, writers, progress, rejectStale ? REJECT_STALE : DROP_UNCHANGED, counts),
        VALIDATE);
    if (rejectStale) {
      topology.addProcessor(REJECT_STALE, RejectStale::new, REJECT_OVERTAKEN);
      topology.addStateStore(
          Stores.keyValueStoreBuilder(stores.apply(TIMES), Serdes.Bytes(), Serdes.Long()),
          REJECT_STALE);
    }
    topology.addProcessor(
        DROP_UNCHANGED, () -> new DropUnchanged(decoders, progress, counts), checked);
    topology.addProcessor(WRITE, () -> new WriteChanges(encoders, counts), DROP_UNCHANGED);
    topology.addSink(TO_ZONES, writtenTo, bytesOut, bytesOut, WRITE);
    topology.addProcessor(
        REJECT,
        () -> new RejectUpdates(group, rejected, counts),
        rejectStale
            ? new String[] {VALIDATE, REJECT_OVERTAKEN, REJECT_STALE}
            : new String[] {VALIDATE, REJECT_OVERTAKEN});
    topology.addSink(TO_REJECTED, rejected, bytesOut, bytesOut, REJECT);

    // Its changelog is the table itself: nothing is written twice, and it is restored from there.
    topology.addReadOnlyStateStore(
        Stores.keyValueStoreBuilder(stores.apply(TABLE), Serdes.Bytes(), Serdes.ByteArray()),
        ROWS,
        IN_TURNS,
        bytesIn,
        bytesIn,
        table,
        READ_TABLE,
        () -> new ReadTable(partitions, progress, counts));
    topology.connectProcessorAndStateStores(DROP_UNCHANGED, TABLE);
    return topology;
  }
}
