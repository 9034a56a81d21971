package io.zonecast.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.stream.TableModel.Row;
import io.zonecast.ingest.stream.TableModel.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the table and of its updates as a broker keeps them, other writers, and the
 * topology as Streams would run it: what is sent, appended, acknowledged, polled, processed and
 * committed are steps of their own, taken in an order that a seed decides.
 */
final class StreamModel implements AutoCloseable {
  private static final List<String> KEYS = List.of("usps:005:001", "usps:005:002");
  private static final List<String> ZONES = List.of("A", "B");

  private record Update(String key, @Nullable String zone) {}

  /** Which write of a key came last, as those who wrote would say. */
  private record LastWord(long when, boolean isUpdate, @Nullable String zone) {}

  private final long seed;
  private final Random random;
  private final TableModel table = new TableModel();
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
      otherWrites();
    } else if (dice < 10) {
      flipAndFlipBack();
    } else if (dice < 16) {
      otherWritesInTransaction();
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

  private void otherWrites() {
    String key = key();
    String zone = zone();
    table.append(Row.committed(key, zone));
    lastWords.put(key, new LastWord(now, false, zone));
  }

  private void otherWritesInTransaction() {
    table.append(Row.open(Writer.OTHER, key(), zone(), TableModel.NO_HEADERS));
  }

  /** The race that loses changes: a write, and at once an update back to what was there. */
  private void flipAndFlipBack() {
    String key = key();
    String before = table.current().get(key);
    table.append(Row.committed(key, "A".equals(before) ? "B" : "A"));
    updates.add(new Update(key, before));
    lastWords.put(key, new LastWord(now, true, before));
  }

  /** What is to be dropped: nothing is on its way, and somebody says again what is so already. */
  private void repeatAtRest() {
    comeToRest();
    String key = key();
    String zone = table.current().get(key);
    updates.add(new Update(key, zone));
    lastWords.put(key, new LastWord(now, true, zone));
  }

  /** Ends the other writers' transaction. */
  private void decideOthers() {
    boolean committed = random.nextInt(4) != 0;
    for (Row row : table.end(Writer.OTHER, committed)) {
      if (committed) {
        lastWords.put(row.key, new LastWord(now, false, row.zone));
      }
    }
  }

  private void sendUpdate() {
    String key = key();
    String zone = zone();
    updates.add(new Update(key, zone));
    lastWords.put(key, new LastWord(now, true, zone));
  }

  private String key() {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  private @Nullable String zone() {
    int choice = random.nextInt(5);
    return choice == 0 ? null : ZONES.get(choice % ZONES.size());
  }

  // --- Streams ---

  private void poll() {
    PartitionProgress partition = progress.of(TopologyBench.PARTITION);
    int most = random.nextInt(5);
    int stable = table.lastStableOffset();
    while (tablePosition < stable && most > 0) {
      if (table.get(tablePosition).isCommitted()) {
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
      bench.row(null, null, TableModel.NO_HEADERS);
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
      sent.add(Row.open(Writer.OURS, each.key(), each.zone(), each.headers()));
    }
  }

  /**
   * A dropped update is as good as one that was written at some moment since it was polled: what
   * its key had then was decided and the same, and no write of ours was on its way.
   */
  private void checkThatItIsCurrent(Update update, int tableSizeWhenPolled) {
    boolean oursIsOnItsWay =
        Stream.concat(sent.stream(), table.rows().stream())
            .anyMatch(row -> row.isOpenOf(Writer.OURS) && row.key.equals(update.key));
    boolean wasCurrent =
        IntStream.rangeClosed(tableSizeWhenPolled, table.size())
            .anyMatch(size -> table.isDecidedAs(update.key, update.zone, size));
    assertThat(wasCurrent && !oursIsOnItsWay)
        .as("seed %d: dropped %s, which was not what the table had", seed, update)
        .isTrue();
  }

  private boolean appendOne() {
    if (sent.isEmpty() || markerIsDue) {
      return false;
    }
    unacknowledged.add(table.append(sent.remove()));
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
    markerIsDue = table.hasOpen(Writer.OURS);
  }

  private void writeMarker() {
    if (markerIsDue) {
      table.end(Writer.OURS, true);
      markerIsDue = false;
    }
  }

  private void crash() {
    // What was decided stays decided, whatever becomes of who decided it.
    writeMarker();
    sent.clear();
    unacknowledged.clear();
    table.end(Writer.OURS, false);
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
      if (table.get(offset).isCommitted()) {
        processRow(offset);
      }
    }
    processedRows = committedRows;
    for (int offset = 0; offset < committedUpdates; offset++) {
      bench.update(null, null);
    }
    bench.forgetOutput();
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
    Map<String, String> shown = table.current();
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
