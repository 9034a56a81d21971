package io.zonecast.ingest.publish;

import io.zonecast.ingest.Progress;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.source.ZoneFileException;
import io.zonecast.schemas.wire.RowDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * One file against one topic, in the order of its methods: the file is read ahead while the topic
 * is read, then compared, then the topic is read again for what left the file. Not thread-safe.
 */
final class Comparison implements AutoCloseable {
  private final ZoneFile file;
  private final int batchRows;
  private final KeyDigest keys = new KeyDigest(new SecureRandom());
  private final TextIds values = new TextIds();
  private final Carriers carriers = new Carriers();
  private final TopicDigest topic;
  private final FileComparison rows;
  private final ReadAhead ahead;

  /**
   * @param rememberBefore whether {@link #before} will be asked
   */
  Comparison(
      ZoneFile file, int batchRows, RowDecoder decoder, boolean rememberBefore, Progress progress) {
    this.file = file;
    this.batchRows = batchRows;
    topic = new TopicDigest(0, keys, values, carriers, decoder);
    rows = new FileComparison(topic, carriers, file.options().delta(), rememberBefore);
    ahead =
        new ReadAhead(
            file,
            batchRows,
            keys,
            carriers.names(),
            values,
            bytes -> progress.at(Progress.Phase.COMPARING_FILE, bytes, file.sizeBytes()));
  }

  /** Begins to read the file. */
  void start() {
    ahead.start();
  }

  /** Takes in what the topic holds. */
  void readTopic(TopicReader reader) {
    reader.read(Progress.Phase.READING_TOPIC, record -> topic.record(record.key(), record.value()));
  }

  /** Takes in what the file holds, and finds the difference. */
  ZoneDiff readFile() throws ZoneFileException, PublishException, InterruptedException {
    DigestedRows batch = ahead.next();
    while (batch != null) {
      rows.accept(batch);
      batch = ahead.next();
    }
    coverDeclaredCarrier();
    return new ZoneDiff(
        ahead.checksum(),
        rows.counts(),
        carriers.changes(),
        rows.contradictions(),
        contradictionSamples(),
        ahead.problems());
  }

  /** Finds the rows of the topic that left the file. */
  RemovedKeys findRemoved(TopicReader reader) {
    RemovedKeys removed = new RemovedKeys();
    reader.read(
        Progress.Phase.FINDING_REMOVED,
        record -> {
          if (topic.takeRemoved(record.key())) {
            removed.add(
                record.key().array(),
                record.key().arrayOffset() + record.key().position(),
                record.key().remaining(),
                topic.before());
          }
        });
    return removed;
  }

  /** The rows of the file that differ. */
  ChangedRows changedRows() {
    return new ChangedRows(file, batchRows, rows.toPublish());
  }

  /** What the {@code n}th of {@link #changedRows} replaces. */
  Optional<Change.Value> before(int n) {
    return value(rows.before(n));
  }

  /** What a number of {@link RemovedKeys} stands for. */
  Optional<Change.Value> value(int number) {
    return Optional.ofNullable(topic.valueOf(number));
  }

  /** A file that names its carrier outside its rows covers it even where it has none. */
  private void coverDeclaredCarrier() {
    if (!file.options().delta()) {
      file.declaredCarrier()
          .map(carrier -> carrier.getBytes(StandardCharsets.UTF_8))
          .ifPresent(
              carrier -> carriers.cover(carriers.names().view().idOf(carrier, 0, carrier.length)));
    }
  }

  /** Only digests were kept of the rows; their text is read again in the rare case. */
  private List<RowProblem> contradictionSamples() throws ZoneFileException, PublishException {
    BitSet contradicting = rows.contradicting();
    List<RowProblem> samples = new ArrayList<>();
    if (!contradicting.isEmpty()) {
      new ChangedRows(file, batchRows, contradicting)
          .forEach(
              ahead.checksum(),
              (batch, row, n) ->
                  samples.add(
                      new RowProblem(
                          batch.line(row),
                          "zone",
                          '"' + (batch.zoneText(row) + " " + batch.flagsText(row)).strip() + '"',
                          "is not what an earlier row says of " + batch.keyText(row))));
    }
    return samples;
  }

  @Override
  public void close() {
    ahead.close();
  }
}
