package io.zonecast.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatedChecksTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private final RepeatedChecks checks = new RepeatedChecks("test", fatal::complete);

  @AfterEach
  void close() {
    checks.close();
  }

  @Test
  void aCheckThatFailsUnexpectedlyRunsAgain() throws Exception {
    var runs = new CountDownLatch(3);

    checks.repeat(
        "test",
        () -> {
          runs.countDown();
          throw new IllegalStateException("nobody expects this");
        },
        1);

    assertThat(runs.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(fatal).isNotDone();
  }

  @Test
  void anErrorIsTold() {
    var error = new OutOfMemoryError("Java heap space");

    checks.repeat(
        "test",
        () -> {
          throw error;
        },
        1);

    assertThat(fatal).succeedsWithin(SOON).isSameAs(error);
  }
}
