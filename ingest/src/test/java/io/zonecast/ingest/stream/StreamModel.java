package io.zonecast.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the table and of its updates as a broker keeps them, other writers, and the
 * topology as Streams would run it: what is sent, appended, acknowledged, polled, processed and
 * committed are steps of their own, taken in an order that a seed decides.
 */
final class StreamModel implements AutoCloseable {
  private static final List<String> KEYS = List.of("usps:005:001", "usps:005:002");
  private static final List<String> ZONES = List.of("A", "B");
  private static final Headers NO_HEADERS = new RecordHeaders();

  private enum Writer {
    OURS,
    OTHER
  }

  private enum Fate {
    OPEN,
    COMMITTED,
    ABORTED,
    /** Ends a transaction; nobody is given it. */
    MARKER
  }

  /** A record of the table. */
  private static final class Row {
    final Writer writer;
    final String key;
    final @Nullable String zone;
    final Headers headers;
    Fate fate;

    Row(Writer writer, String key, @Nullable String zone, Headers headers, Fate fate) {
      this.writer = writer;
      this.key = key;
      this.zone = zone;
      this.headers = headers;
      this.fate = fate;
    }
  }

  private record Update(String key, @Nullable String zone) {}

  /** Which write of a key came last, as those who wrote would say. */
  private record LastWord(long when, boolean isUpdate, @Nullable String zone) {}

  private final long seed;
  private final Random random;
  private final List<Row> table = new ArrayList<>();
  private final List<Update> updates = new ArrayList<>();
  private final Map<String, LastWord> lastWords = new HashMap<>();
  private final Deque<Runnable> answers = new ArrayDeque<>();
  private final Map<Integer, Integer> tableSizeWhenPolled = new HashMap<>();
  private long now;
  private int dropped;

  // Streams' consumer, buffers, producer and committed positions.
  private int tablePosition;
  private int updatesPosition;
  private final Deque<Integer> polledRows = new ArrayDeque<>();
  private final Deque<Integer> polledUpdates = new ArrayDeque<>();
  private final Deque<Row> sent = new ArrayDeque<>();
  private final Deque<Integer> unacknowledged = new ArrayDeque<>();
  private int processedRows;
  private int processedUpdates;
  private int committedRows;
  private int committedUpdates;
  private boolean markerIsDue;

  private TableProgress progress = TopologyBench.progress(this::ask);
  private TopologyBench bench = new TopologyBench(progress, false);
  private int rowsGivenToDriver;

  StreamModel(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** How many updates were dropped so far. */
  int dropped() {
    return dropped;
  }

  void step() {
    now++;
    int dice = random.nextInt(100);
    if (dice < 3) {
      repeatAtRest();
    } else if (dice < 5) {
      otherWrites(Fate.COMMITTED);
    } else if (dice < 10) {
      flipAndFlipBack();
    } else if (dice < 16) {
      otherWrites(Fate.OPEN);
    } else if (dice < 22) {
      decideOthers();
    } else if (dice < 40) {
      sendUpdate();
    } else if (dice < 55) {
      poll();
    } else if (dice < 78) {
      process();
    } else if (dice < 83) {
      appendOne();
    } else if (dice < 88) {
      acknowledgeOne();
    } else if (dice < 93) {
      commit();
    } else if (dice < 96) {
      writeMarker();
    } else if (dice < 99) {
      answerOne();
    } else {
      crash();
    }
  }

  // --- other writers ---

  private void otherWrites(Fate fate) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    String zone = zone();
    table.add(new Row(Writer.OTHER, key, zone, NO_HEADERS, fate));
    if (fate == Fate.COMMITTED) {
      lastWords.put(key, new LastWord(now, false, zone));
    }
  }

  /** The race that loses changes: a write, and at once an update back to what was there. */
  private void flipAndFlipBack() {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    String before = null;
    for (Row row : table) {
      before = row.key.equals(key) && row.fate == Fate.COMMITTED ? row.zone : before;
    }
    table.add(
        new Row(Writer.OTHER, key, "A".equals(before) ? "B" : "A", NO_HEADERS, Fate.COMMITTED));
    updates.add(new Update(key, before));
    lastWords.put(key, new LastWord(now, true, before));
  }

  /** What is to be dropped: nothing is on its way, and somebody says again what is so already. */
  private void repeatAtRest() {
    comeToRest();
    String key = KEYS.get(random.nextInt(KEYS.size()));
    String zone = null;
    for (Row row : table) {
      zone = row.key.equals(key) && row.fate == Fate.COMMITTED ? row.zone : zone;
    }
    updates.add(new Update(key, zone));
    lastWords.put(key, new LastWord(now, true, zone));
  }

  /** Ends the other writers' transaction. */
  private void decideOthers() {
    Fate fate = random.nextInt(4) == 0 ? Fate.ABORTED : Fate.COMMITTED;
    boolean any = false;
    for (Row row : table) {
      if (row.writer == Writer.OTHER && row.fate == Fate.OPEN) {
        row.fate = fate;
        any = true;
        if (fate == Fate.COMMITTED) {
          lastWords.put(row.key, new LastWord(now, false, row.zone));
        }
      }
    }
    if (any) {
      table.add(marker());
    }
  }

  private void sendUpdate() {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    String zone = zone();
    updates.add(new Update(key, zone));
    lastWords.put(key, new LastWord(now, true, zone));
  }

  private @Nullable String zone() {
    int choice = random.nextInt(5);
    return choice == 0 ? null : ZONES.get(choice % ZONES.size());
  }

  // --- Streams ---

  private void poll() {
    PartitionProgress partition = progress.of(TopologyBench.PARTITION);
    int most = random.nextInt(5);
    int stable = lastStableOffset();
    while (tablePosition < stable && most > 0) {
      if (table.get(tablePosition).fate == Fate.COMMITTED) {
        polledRows.add(tablePosition);
        partition.polledRow(tablePosition);
        most--;
      }
      tablePosition++;
    }
    partition.polledTo(
        random.nextInt(10) == 0 ? OptionalLong.empty() : OptionalLong.of(tablePosition));
    int until = Math.min(updates.size(), updatesPosition + random.nextInt(4));
    for (; updatesPosition < until; updatesPosition++) {
      polledUpdates.add(updatesPosition);
      tableSizeWhenPolled.put(updatesPosition, table.size());
    }
    if (!polledUpdates.isEmpty()) {
      partition.polledUpdates(polledUpdates.getLast());
    }
  }

  private int lastStableOffset() {
    for (int offset = 0; offset < table.size(); offset++) {
      if (table.get(offset).fate == Fate.OPEN) {
        return offset;
      }
    }
    return table.size();
  }

  private void process() {
    boolean rows = polledUpdates.isEmpty() || (!polledRows.isEmpty() && random.nextBoolean());
    if (rows && !polledRows.isEmpty()) {
      processRow(polledRows.remove());
    } else if (!polledUpdates.isEmpty()) {
      processUpdate(polledUpdates.remove());
    }
  }

  private void processRow(int offset) {
    giveGapsBefore(offset);
    Row row = table.get(offset);
    bench.row(row.key.getBytes(UTF_8), TopologyBench.value(row.key, row.zone), row.headers);
    rowsGivenToDriver++;
    processedRows = offset + 1;
  }

  /** The driver numbers without gaps: what has no record is stood in for by one without a key. */
  private void giveGapsBefore(int offset) {
    for (; rowsGivenToDriver < offset; rowsGivenToDriver++) {
      bench.row(null, null, NO_HEADERS);
    }
  }

  private void processUpdate(int offset) {
    Update update = updates.get(offset);
    bench.update(update.key.getBytes(UTF_8), Updates.encode(Updates.of(update.key, update.zone)));
    processedUpdates = offset + 1;
    List<TopologyBench.Written> written = bench.written();
    assertThat(bench.rejected()).isEmpty();
    if (written.isEmpty()) {
      dropped++;
      checkThatItIsCurrent(update, tableSizeWhenPolled.getOrDefault(offset, 0));
    }
    for (TopologyBench.Written each : written) {
      sent.add(new Row(Writer.OURS, each.key(), each.zone(), each.headers(), Fate.OPEN));
    }
  }

  /**
   * A dropped update is as good as one that was written at some moment since it was polled: what
   * its key had then was decided and the same, and no write of ours was on its way.
   */
  private void checkThatItIsCurrent(Update update, int tableSizeWhenPolled) {
    boolean oursIsOnItsWay =
        Stream.concat(sent.stream(), table.stream())
            .anyMatch(
                row ->
                    row.writer == Writer.OURS
                        && row.fate == Fate.OPEN
                        && row.key.equals(update.key));
    boolean wasCurrent =
        IntStream.rangeClosed(tableSizeWhenPolled, table.size())
            .anyMatch(size -> isDecidedAs(update, table.subList(0, size)));
    assertThat(wasCurrent && !oursIsOnItsWay)
        .as("seed %d: dropped %s, which was not what the table had", seed, update)
        .isTrue();
  }

  private static boolean isDecidedAs(Update update, List<Row> rows) {
    String current = null;
    for (Row row : rows) {
      if (row.key.equals(update.key) && row.fate == Fate.OPEN) {
        return false;
      }
      if (row.key.equals(update.key) && row.fate == Fate.COMMITTED) {
        current = row.zone;
      }
    }
    return Objects.equals(current, update.zone);
  }

  private boolean appendOne() {
    if (sent.isEmpty() || markerIsDue) {
      return false;
    }
    unacknowledged.add(table.size());
    table.add(sent.remove());
    return true;
  }

  private boolean acknowledgeOne() {
    if (unacknowledged.isEmpty()) {
      return false;
    }
    progress.of(TopologyBench.PARTITION).acknowledged(unacknowledged.remove());
    return true;
  }

  private void commit() {
    if (markerIsDue) {
      return;
    }
    while (appendOne() || acknowledgeOne()) {
      // A commit waits for all that was sent.
    }
    committedRows = processedRows;
    committedUpdates = processedUpdates;
    markerIsDue = ours() > 0;
  }

  private void writeMarker() {
    if (markerIsDue) {
      endOurs(Fate.COMMITTED);
      markerIsDue = false;
    }
  }

  private void crash() {
    // What was decided stays decided, whatever becomes of who decided it.
    writeMarker();
    sent.clear();
    unacknowledged.clear();
    endOurs(Fate.ABORTED);
    polledRows.clear();
    polledUpdates.clear();
    tablePosition = committedRows;
    updatesPosition = committedUpdates;
    processedRows = committedRows;
    processedUpdates = committedUpdates;
    bench.close();
    if (random.nextBoolean()) {
      // Another process, or the same one with what it remembers.
      progress = TopologyBench.progress(this::ask);
    }
    bench = new TopologyBench(progress, false);
    rowsGivenToDriver = 0;
    restore();
  }

  /** The store of the new task; its driver numbers as the one before. */
  private void restore() {
    for (int offset = 0; offset < committedRows; offset++) {
      Row row = table.get(offset);
      if (row.fate == Fate.COMMITTED) {
        processRow(offset);
      }
    }
    processedRows = committedRows;
    for (int offset = 0; offset < committedUpdates; offset++) {
      bench.update(null, null);
    }
    bench.forgetOutput();
  }

  private long ours() {
    return table.stream().filter(row -> row.writer == Writer.OURS && row.fate == Fate.OPEN).count();
  }

  private void endOurs(Fate fate) {
    boolean any = false;
    for (Row row : table) {
      if (row.writer == Writer.OURS && row.fate == Fate.OPEN) {
        row.fate = fate;
        any = true;
      }
    }
    if (any) {
      table.add(marker());
    }
  }

  private Row marker() {
    return new Row(Writer.OTHER, "", null, NO_HEADERS, Fate.MARKER);
  }

  // --- the admin client ---

  /**
   * The answer is as old as it may be: of the moment of the question. It may come late, or never.
   */
  private CompletionStage<Map<Integer, Long>> ask(Set<Integer> partitions) {
    Map<Integer, Long> answer = Map.of(TopologyBench.PARTITION, (long) table.size());
    if (random.nextBoolean()) {
      return CompletableFuture.completedFuture(answer);
    }
    CompletableFuture<Map<Integer, Long>> late = new CompletableFuture<>();
    answers.add(() -> late.complete(answer));
    return late;
  }

  private void answerOne() {
    if (!answers.isEmpty()) {
      answers.remove().run();
    }
  }

  // --- the end ---

  void comeToRest() {
    decideOthers();
    while (updatesPosition < updates.size()
        || !polledUpdates.isEmpty()
        || !polledRows.isEmpty()
        || tablePosition < table.size()) {
      poll();
      process();
      if (polledUpdates.isEmpty() && polledRows.isEmpty()) {
        commit();
        writeMarker();
      }
    }
    commit();
    writeMarker();
  }

  void checkThatWhoeverWroteLastIsShown() {
    Map<String, @Nullable String> shown = new HashMap<>();
    for (Row row : table) {
      if (row.fate == Fate.COMMITTED) {
        shown.put(row.key, row.zone);
      }
    }
    lastWords.forEach(
        (key, last) -> {
          if (last.isUpdate) {
            assertThat(shown.get(key))
                .as("seed %d: the last word on %s was an update's", seed, key)
                .isEqualTo(last.zone);
          }
        });
  }

  @Override
  public void close() {
    bench.close();
  }
}
