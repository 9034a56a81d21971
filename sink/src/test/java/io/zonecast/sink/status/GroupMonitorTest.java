package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupMonitorTest {
  private final LagReport report = Reports.group(Verdict.CAUGHT_UP, null, Reports.caughtUp());
  private final AtomicInteger looks = new AtomicInteger();
  private final Clock noon = Clock.fixed(Reports.NOON, ZoneOffset.UTC);
  private final CountDownLatch looking = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile boolean away;
  private final GroupMonitor watch = new GroupMonitor(this::look, noon);

  private LagReport look() {
    looks.incrementAndGet();
    looking.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    if (away) {
      throw new TimeoutException("no broker answers");
    }
    return report;
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void nobodyWaitsForALookAndNobodyLooksUnasked() throws InterruptedException {
    watch.start();
    assertThat(looks).hasValue(0);

    assertThat(watch.scraped().report()).isNull();

    looking.await();
    assertThat(watch.scraped().report()).isNull();
    go.countDown();
    await().untilAsserted(() -> assertThat(watch.scraped().report()).isEqualTo(report));
  }

  @Test
  void whatIsOldIsNotHowItStands() {
    go.countDown();
    watch.start();
    await().until(() -> watch.scraped().report() != null);

    Clock later = Clock.offset(noon, Duration.ofSeconds(121));

    assertThat(watch.scraped().current(noon)).isEqualTo(report);
    assertThat(watch.scraped().current(later)).isNull();
  }

  @Test
  void aLookThatFailsHidesTheOneBeforeAndSaysWhy() {
    go.countDown();
    watch.start();
    await().until(() -> watch.watched().report() != null);

    away = true;

    await()
        .untilAsserted(
            () -> {
              assertThat(watch.watched().trouble()).isEqualTo("no broker answers");
              assertThat(watch.watched().current(noon)).isNull();
              assertThat(watch.watched().at()).isEqualTo(Reports.NOON);
            });
  }
}
