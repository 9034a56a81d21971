package io.zonecast.sink.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransactionWaitTest {
  private static final Map<Integer, Long> ENDS = Map.of(0, 10L, 1, 20L);

  private final Map<Integer, Long> stable = new HashMap<>(ENDS);
  private final List<String> said = new ArrayList<>();
  private String holders = "publisher";
  private Duration now = Duration.ofHours(1);
  private Duration freeAt = Duration.ofDays(1);

  @Test
  void nothingIsSaidWhereNothingIsHeldBack() throws Exception {
    stable.put(1, 25L);

    assertThat(await().ends()).isEmpty();
    assertThat(said).isEmpty();
    assertThat(now).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void theMarkersOfACommitAreWaitedForWithoutAWord() throws Exception {
    stable.put(1, 12L);
    freeAt = now.plusSeconds(1);

    assertThat(await().ends()).isEmpty();
    assertThat(said).isEmpty();
  }

  @Test
  void anOpenTransactionIsNamedOnceAndItsEndWaitedFor() throws Exception {
    stable.put(1, 12L);
    freeAt = now.plusMinutes(14);

    assertThat(await().ends()).isEmpty();
    assertThat(said)
        .containsExactly("partitions [1]: held back by an open transaction of publisher");
  }

  @Test
  void whatIsHeldBackForTooLongIsReadAsFarAsItCanBe() throws Exception {
    stable.put(1, 12L);

    assertThat(await())
        .isEqualTo(
            new TransactionWait.Held(
                Map.of(1, 12L), "held back by an open transaction of publisher"));
    assertThat(now).isEqualTo(Duration.ofHours(1).plus(TransactionWait.GIVE_UP_AFTER));
  }

  @Test
  void aHolderThatTheBrokersDoNotNameIsSaidToBeUnknown() throws Exception {
    stable.put(0, 0L);
    holders = "";

    await();

    assertThat(said).singleElement().asString().endsWith("that the brokers do not name");
  }

  private TransactionWait.Held await() throws InterruptedException {
    return new TransactionWait(
            () -> new HashMap<>(now.compareTo(freeAt) < 0 ? stable : ENDS),
            partitions -> holders,
            said::add,
            () -> now.toNanos(),
            millis -> now = now.plusMillis(millis))
        .await(ENDS);
  }
}
