package io.zonecast.sink.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicTableTest {
  private static final int PARTITIONS = 2;
  private static final int ROWS = 20_000;
  private static final String KEY = "usps:00000:010";

  /** Less than a third of what the rows take. */
  private static final long SMALL = 2 << 17;

  private final TopicLog log = new TopicLog(PARTITIONS);
  private final int home = log.partitionOf(KEY);
  private final Workers workers = new Workers();
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private int passes;
  private long rows;

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void aTableThatNeedsSeveralPassesIsReadToItsEnd() throws Exception {
    appendRows();

    try (TopicTable table = table()) {
      readAll(table);
    }

    assertThat(rows).isEqualTo(ROWS);
    assertThat(passes).isGreaterThan(2);
    assertThat(said).isEmpty();
  }

  @Test
  void whatATransactionHoldsBackIsLeftOutOfEveryPass() throws Exception {
    appendRows();
    long held = log.end(home) - 10;
    log.holdBack(home, held);

    try (TopicTable table = table()) {
      table.stopAt(new TransactionWait.Held(Map.of(home, held), "held back"));
      readAll(table);

      assertThat(table.waiting())
          .containsExactly(
              "partition %d is compared up to offset %d: held back".formatted(home, held));
    }
    assertThat(rows).isEqualTo(ROWS - 10);
    assertThat(passes).isGreaterThan(2);
  }

  @Test
  void aReadingThatStandsSaysThatTheCauseIsUnknownAndEnds() {
    log.append(KEY, "2");
    log.holdBack(home, 0);

    try (TopicTable table = table()) {
      assertThatThrownBy(() -> readAll(table))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("zones-" + home)
          .hasMessageContaining("the cause is unknown");
    }
    assertThat(said)
        .containsExactly(
            "[zones-%d]: the brokers send nothing, the cause is unknown".formatted(home));
  }

  @Test
  void aRecordOnAnotherPartitionThanItsKeysIsNoRowAndNoChange() throws Exception {
    byte[] value = log.append(KEY, "2");
    log.append(KEY, value, 1 - home);
    log.append("no zone key", value, home);

    try (TopicTable table = table()) {
      readAll(table);
      log.append(KEY, null, 1 - home);

      assertThat(rows).isEqualTo(1);
      assertThat(table.misplaced()).isEqualTo(1);
      assertThat(table.unplaced()).isEqualTo(1);
      assertThat(table.unreadable()).isEmpty();
      assertThat(table.changedBefore(log.ends())).isEmpty();
    }
  }

  @Test
  void aKeyWithARecordBehindTheTableHasChanged() throws Exception {
    log.append(KEY, "2");

    try (TopicTable table = table()) {
      readAll(table);
      log.append(KEY, "3");

      assertThat(table.changedBefore(log.ends())).containsExactly(KEY);
    }
  }

  private void appendRows() {
    for (int i = 0; i < ROWS; i++) {
      log.append("usps:%05d:010".formatted(i), "2");
    }
  }

  private void readAll(TopicTable table) throws InterruptedException {
    while (table.hasMore()) {
      table.readPass(workers, fraction -> {});
      passes++;
      rows += table.size();
    }
  }

  private TopicTable table() {
    return new TopicTable(
        TopicLog.TOPIC,
        PARTITIONS,
        log::consumer,
        Verifier.patience(said::add, this::aLittleLater),
        () ->
            new EntryReader(
                PARTITIONS,
                "zone:",
                ValueFormat.ZONE,
                PlacementScheme.MODULO.place(List.of(NodeAddress.parse("a:11211"))),
                new ZoneRowDecoder(BundledSchemas.load())),
        log.ends(),
        SMALL);
  }

  /** Time passes as it is looked at. */
  private long aLittleLater() {
    return nanos.addAndGet(Duration.ofMillis(500).toNanos());
  }
}
