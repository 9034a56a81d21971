package io.zonecast.ingest.publish;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowProblem;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.schemas.wire.RowDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One file against one topic, in the order of its methods: the file is read ahead while the topic
 * is read, then compared, then the topic is read again for what left the file. Not thread-safe.
 */
final class Comparison implements AutoCloseable {
  static final int BATCH_ROWS = DigestBlock.CAPACITY;

  /** 1.5 MB: a usual update of a million rows. */
  static final int ROWS_KEPT = 1 << 15;

  /** Eight hundred thousand rows, about 60 MB: how far a file is read ahead of the topic. */
  private static final int FILE_BLOCKS_AHEAD = 200;

  /** Enough to keep both threads busy. */
  private static final int TOPIC_BLOCKS_AHEAD = 16;

  private record FileBlock(RowChunk rows, DigestBlock digests) {}

  private final Edition edition;
  private final RowRules rules;
  private final int chunkRows;
  private final Supplier<RowDecoder> decoders;

  /**
   * The caller's. Made at the start: a setting that names no class shows itself before any work.
   */
  private final RowDecoder decoder;

  private final KeyDigest keys = new KeyDigest(new SecureRandom());
  private final TopicDigest topic = new TopicDigest();
  private final TextNumbers values = topic.values();
  private final CarrierCodes codes = topic.codes();
  private final CoveredCarriers carriers = topic.carriers();
  private final ShapeGuard shapes = topic.shapes();
  private final CompletableFuture<Void> topicRead = new CompletableFuture<>();
  private final Map<String, Boolean> rangeNames = new ConcurrentHashMap<>();
  private final LongAdder misplaced = new LongAdder();
  private final FileComparison rows;
  private final ReadAhead<FileBlock> fileBlocks;

  /** What the file's reader knows at its end; handed over with the last of its blocks. */
  private List<String> checksums = List.of();

  private List<RowProblem> problems = List.of();
  private long expandedLines;
  private long expandedRows;

  /**
   * Prepares a comparison.
   *
   * @param decoders makes the decoder of one thread
   * @param rowsKept how many differing rows are kept, in place of another reading of the file
   * @param rememberBefore whether {@link #before} will be asked
   * @param rules what rows are refused for
   */
  Comparison(
      Edition edition,
      int chunkRows,
      int rowsKept,
      Supplier<RowDecoder> decoders,
      boolean rememberBefore,
      RowRules rules,
      StepProgress progress) {
    this.edition = edition;
    this.rules = rules;
    this.chunkRows = chunkRows;
    this.decoders = decoders;
    this.decoder = decoders.get();
    rows = new FileComparison(topic, edition, rules, rowsKept, rememberBefore);
    fileBlocks =
        new ReadAhead<>(
            "zonecast-file-reader", FILE_BLOCKS_AHEAD, List.of(out -> digestFile(out, progress)));
  }

  /** Begins to read the file. */
  void start() {
    fileBlocks.start();
  }

  /**
   * Takes in what the topic holds.
   *
   * @param readers of the topic's partitions, each of them a thread's
   * @param partitions how many the topic has
   */
  void readTopic(List<TopicReader> readers, int partitions)
      throws IOException, InterruptedException {
    List<ReadAhead.Work<DigestBlock>> works = new ArrayList<>();
    readers.forEach(reader -> works.add(out -> digestTopic(reader, partitions, out)));
    try (ReadAhead<DigestBlock> blocks =
        new ReadAhead<>("zonecast-topic-reader", TOPIC_BLOCKS_AHEAD, works)) {
      blocks.start();
      DigestBlock block = blocks.next();
      while (block != null) {
        topic.records(block);
        block = blocks.next();
      }
    }
    topicRead.complete(null);
  }

  /** Takes in what the file holds, and finds the difference. */
  ZoneDiff readFile() throws IOException, PublishException, InterruptedException {
    FileBlock block = fileBlocks.next();
    while (block != null) {
      rows.accept(block.rows, block.digests);
      block = fileBlocks.next();
    }
    coverDeclaredCarrier();
    return new ZoneDiff(
        checksums,
        rows.counts(),
        carriers.changes(),
        rows.contradictions().count(),
        rows.contradictions().samples(this::hasRangeNames, chunkRows),
        Stream.concat(problems.stream(), rows.problems().stream())
            .sorted(Comparator.comparingLong(RowProblem::line))
            .toList(),
        misplaced.sum(),
        new ZoneDiff.Shapes(
            Stream.of(
                    shapes.refusals(carriers.names()).stream(),
                    rows.earlyRows().stream(),
                    ExpectedRow.refusal(misses()).stream())
                .flatMap(each -> each)
                .toList(),
            Stream.concat(
                    rows.missingExceptions().stream(), shapes.notes(carriers.names()).stream())
                .toList(),
            expandedLines,
            expandedRows));
  }

  /** Which rows that must hold would not, in words. */
  private List<String> misses() {
    List<String> misses = new ArrayList<>();
    TextNumbers.View carrierNames = carriers.names().view();
    TextNumbers.View codeNames = codes.names().view();
    for (ExpectedRow expected : rules.expected()) {
      byte[] key = expected.key().getBytes(StandardCharsets.US_ASCII);
      int carrierLength = expected.key().indexOf(':');
      int origin = carrierLength + 1;
      int originLength = expected.key().indexOf(':', origin) - origin;
      boolean losesRows =
          carriers.losesRows(
              carrierNames.idOf(key, 0, carrierLength),
              codeNames.idOf(key, 0, carrierLength, key, origin, originLength, RowChunk.UNDATED));
      int value =
          topic.afterwards(
              keys.first(key, 0, key.length), keys.second(key, 0, key.length), losesRows);
      expected.miss(Change.Value.of(value, values)).ifPresent(misses::add);
    }
    return misses;
  }

  /** Finds the rows of the topic that left the file. */
  KeyTable findRemoved(List<TopicReader> readers, int partitions) throws InterruptedException {
    KeyTable removed = new KeyTable(keys, 1);
    RecordDigester digester = digester(decoder, partitions);
    for (TopicReader reader : readers) {
      reader.read(
          StepProgress.Phase.FINDING_REMOVED,
          record -> {
            DigestBlock block = new DigestBlock(1);
            digester.digest(record.partition(), record.key(), null, block);
            if (block.size() > 0 && topic.takeRemoved(block, 0)) {
              removed.set(removed.add(record.key()), KeyTable.FIRST, topic.before());
            }
          });
    }
    return removed;
  }

  /** The rows of the file that differ. */
  ChangedRows changedRows() {
    return new ChangedRows(
        edition,
        this::hasRangeNames,
        chunkRows,
        rows.toPublish(),
        keys,
        rows.lastRows(),
        rows.kept());
  }

  /** What the {@code n}th of {@link #changedRows} replaces, as {@link TopicDigest#before}. */
  int before(int n) {
    return rows.before(n);
  }

  /** What the numbers stand for. */
  TextNumbers values() {
    return values;
  }

  /** How many rows the topic has, those of other carriers too. */
  long rowsOfTheTopic() {
    return carriers.rows();
  }

  /** The carriers of the file's rows. */
  List<String> carriers() {
    return carriers.ofTheFile();
  }

  private void digestTopic(TopicReader reader, int partitions, ReadAhead.Out<DigestBlock> out)
      throws InterruptedException {
    RecordDigester digester = digester(decoders.get(), partitions);
    TopicBlocks blocks = new TopicBlocks(digester, out);
    reader.read(StepProgress.Phase.READING_TOPIC, blocks);
    misplaced.add(digester.misplaced());
    blocks.finish();
  }

  private RecordDigester digester(RowDecoder records, int partitions) {
    return new RecordDigester(keys, carriers.names(), codes.names(), values, records, partitions);
  }

  private void digestFile(ReadAhead.Out<FileBlock> out, StepProgress progress)
      throws IOException, InterruptedException {
    RowDigester digester = new RowDigester(keys, carriers.names(), codes.names(), values);
    try (RowReader reader =
        edition.read(
            bytes -> progress.at(StepProgress.Phase.COMPARING_FILE, bytes, edition.sizeBytes()),
            this::hasRangeNames)) {
      RowChunk chunk = new RowChunk(chunkRows);
      while (reader.read(chunk)) {
        out.put(new FileBlock(chunk, digester.digest(chunk)));
        chunk = new RowChunk(chunkRows);
      }
      checksums = reader.checksums();
      problems = reader.problems();
      expandedLines = reader.expandedLines();
      expandedRows = reader.expandedRows();
    }
  }

  /** A file that names its carrier outside its rows covers it even where it has none. */
  private void coverDeclaredCarrier() {
    if (!edition.delta()) {
      edition.files().stream()
          .filter(file -> !file.format().ofOneOrigin())
          .flatMap(file -> file.declaredCarrier().stream())
          .map(carrier -> carrier.getBytes(StandardCharsets.UTF_8))
          .forEach(
              carrier -> carriers.cover(carriers.names().view().idOf(carrier, 0, carrier.length)));
    }
  }

  /** Asked where the file is read, which is ahead of the topic: waits for that. */
  private boolean hasRangeNames(String carrier) {
    topicRead.join();
    return rangeNames.computeIfAbsent(carrier, codes::hasRangeNames);
  }

  @Override
  public void close() {
    topicRead.completeExceptionally(new CancellationException("the topic is not read"));
    fileBlocks.close();
  }
}
