package io.zonecast.sink.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whether a sink can read anything of a topic, before it touches anything. */
class FirstRowTest {
  private static final String KEY = "usps:005:010";
  private static final String UNKNOWN = "?";
  private static final String UNDECODABLE = "!";

  private final AtomicBoolean known = new AtomicBoolean();
  private final LogConsumer log = new LogConsumer();
  private final FirstRow firstRow = new FirstRow(LogConsumer.TOPIC, 1, () -> log, reader());

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
    log.append(0, KEY, UNKNOWN);
    log.append(0, KEY, "1");

    assertThat(firstRow.get()).isEmpty();
  }

  @Test
  void tombstonesAreNotTakenForAnEmptyTopic() {
    log.append(0, KEY, UNKNOWN);
    for (int i = 0; i < 600; i++) {
      log.append(0, KEY, null);
    }

    assertThat(firstRow.get()).containsOnlyKeys(0);
  }

  @Test
  void whatCannotBeReadYetIsToldAndAskedAgainWithoutFetching() {
    log.append(0, KEY, UNKNOWN);
    log.append(0, KEY, UNKNOWN);
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
    log.append(0, KEY, UNDECODABLE);
    assertThat(firstRow.get()).isEqualTo(Map.of(0, new WaitNote(1, "no row")));

    log.append(0, KEY, "1");

    assertThat(firstRow.get()).isEmpty();
  }

  private EntryReader reader() {
    return new EntryReader(
        LogConsumer.TOPIC,
        1,
        "zone:",
        ValueFormat.ZONE,
        (key, offset, length) -> 0,
        (value, row) -> {
          String[] parts = UTF_8.decode(value.duplicate()).toString().split(":", -1);
          if (parts[3].equals(UNDECODABLE)) {
            throw new UndecodableValueException("no row");
          }
          if (parts[3].equals(UNKNOWN) && !known.get()) {
            throw new UnknownSchemaIdException(7, "schema id 7 is unknown");
          }
          row.carrier().set(parts[0]);
          row.origin().set(parts[1]);
          row.destination().set(parts[2]);
          row.zone().set(parts[3]);
        });
  }
}
