package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CancellationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Cancellation cancellation = new Cancellation();

  @Test
  void waitingWorkIsInterruptedAndItsCleaningUpAwaited() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Void> work =
        onAThread(
            () -> {
              running.countDown();
              never.await();
            });
    running.await();

    assertThat(cancellation.cancel(PATIENCE)).isTrue();

    assertThatThrownBy(() -> work.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void commitIsNotInterruptedButAwaited() throws Exception {
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch committed = new CountDownLatch(1);
    CompletableFuture<Void> work =
        onAThread(
            () -> {
              cancellation.beginCommit();
              committing.countDown();
              committed.await();
            });
    committing.await();

    assertThat(cancellation.cancel(Duration.ofMillis(50))).isFalse();
    committed.countDown();

    work.get(5, TimeUnit.SECONDS);
    assertThat(cancellation.cancel(PATIENCE)).isTrue();
  }

  @Test
  void aCommitThatFailsAfterTheCancellationSaysSoItself() {
    PublishException unknown = new PublishException("it is unknown", null);

    assertThatThrownBy(
            () ->
                cancellation.run(
                    () -> {
                      cancellation.beginCommit();
                      cancellation.cancel(Duration.ZERO);
                      throw unknown;
                    }))
        .isSameAs(unknown);
  }

  @Test
  void afterwardsNothingBegins() {
    cancellation.cancel(PATIENCE);

    assertThatThrownBy(() -> cancellation.run(() -> "done"))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void kafkasInterruptIsJavas() {
    assertThatThrownBy(
            () ->
                cancellation.run(
                    () -> {
                      throw new InterruptException("poll");
                    }))
        .isInstanceOf(InterruptedException.class)
        .hasCauseInstanceOf(InterruptException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  private CompletableFuture<Void> onAThread(Waiting waiting) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                cancellation.run(
                    () -> {
                      waiting.run();
                      return "done";
                    });
                result.complete(null);
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}
