package io.zonecast.sink.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.WaitNote;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whether a sink can read anything of a topic, before it touches anything. */
class ReadableRowCheckTest {
  private static final String KEY = "usps:005:010";

  private final AtomicBoolean known = new AtomicBoolean();
  private final LogConsumer log = new LogConsumer();
  private final ReadableRowCheck firstRow =
      new ReadableRowCheck(LogConsumer.TOPIC, 1, () -> log, LogConsumer.reader(known::get));

  @Test
  void anEmptyTopicNeedsNoReading() {
    assertThat(firstRow.get()).isEmpty();
    assertThat(log.closed()).isTrue();
  }

  @Test
  void oneOfTombstonesAloneNeedsNoneEither() {
    log.append(0, KEY, null);

    assertThat(firstRow.get()).isEmpty();
  }

  @Test
  void oneRowIsEnoughBeItTheNewest() {
    log.append(0, KEY, LogConsumer.UNKNOWN);
    log.append(0, KEY, "1");

    assertThat(firstRow.get()).isEmpty();
  }

  @Test
  void tombstonesAreNotTakenForAnEmptyTopic() {
    log.append(0, KEY, LogConsumer.UNKNOWN);
    for (int i = 0; i < 600; i++) {
      log.append(0, KEY, null);
    }

    assertThat(firstRow.get()).containsOnlyKeys(0);
  }

  @Test
  void whatCannotBeReadYetIsToldAndAskedAgainWithoutFetching() {
    log.append(0, KEY, LogConsumer.UNKNOWN);
    log.append(0, KEY, LogConsumer.UNKNOWN);
    Map<Integer, WaitNote> unread = Map.of(0, new WaitNote(0, "schema id 7 is unknown"));

    assertThat(firstRow.get()).isEqualTo(unread);
    int fetched = log.fetched();
    assertThat(firstRow.get()).isEqualTo(unread);
    assertThat(log.fetched()).isEqualTo(fetched);
    known.set(true);
    assertThat(firstRow.get()).isEmpty();
  }

  @Test
  void whatCanNeverBeReadIsNoReasonToBeginEither() {
    log.append(0, KEY, null);
    log.append(0, KEY, LogConsumer.UNDECODABLE);
    assertThat(firstRow.get()).isEqualTo(Map.of(0, new WaitNote(1, "no row")));

    log.append(0, KEY, "1");

    assertThat(firstRow.get()).isEmpty();
  }
}
