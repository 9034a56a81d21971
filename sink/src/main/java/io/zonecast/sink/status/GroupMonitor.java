package io.zonecast.sink.status;

import io.zonecast.sink.lag.ElapsedTime;
import io.zonecast.sink.lag.LagReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the whole group in the background and keeps the last report. A look takes seconds if the
 * group is behind, and no page or scrape waits for it. {@link LookSchedule} says how often.
 */
public final class GroupMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupMonitor.class);

  /** An older report is not shown as the present state. */
  private static final Duration GOOD_FOR = Duration.ofSeconds(30);

  private final Supplier<LagReport> looks;
  private final Clock clock;
  private final LookSchedule pace = new LookSchedule();
  private final Thread thread = new Thread(this::run, "zonecast-group-watch");
  private volatile Seen seen = new Seen(null, null, "nobody has looked yet");
  private boolean closed;

  /**
   * The last look.
   *
   * @param report null if none has come to its end
   * @param at when the report was made; null as above
   * @param trouble why there is no newer report, or ""
   */
  public record Seen(@Nullable LagReport report, @Nullable Instant at, String trouble) {

    /** How old the report is; null if there is none. */
    @Nullable Duration age(Clock clock) {
      return at == null ? null : ElapsedTime.between(at, clock.instant());
    }

    /** The report if it tells how it stands now; null if it is too old, or a newer look failed. */
    public @Nullable LagReport current(Clock clock) {
      return at != null
              && trouble.isEmpty()
              && Duration.between(at, clock.instant()).compareTo(GOOD_FOR) <= 0
          ? report
          : null;
    }
  }

  /**
   * @param looks looks at the group, for seconds; called on a thread of this watch's own
   */
  public GroupMonitor(Supplier<LagReport> looks, Clock clock) {
    this.looks = looks;
    this.clock = clock;
    thread.setDaemon(true);
  }

  /** Starts the thread, which waits until someone asks. */
  public void start() {
    thread.start();
  }

  /** What was seen last, for someone who watches the page. */
  synchronized Seen watched() {
    pace.watch(System.nanoTime());
    notifyAll();
    return seen;
  }

  /** What was seen last, for a scraper. */
  synchronized Seen scraped() {
    pace.scrape(System.nanoTime());
    notifyAll();
    return seen;
  }

  private void run() {
    try {
      while (awaitTurn()) {
        look();
        synchronized (this) {
          pace.looked(System.nanoTime());
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("group watch stopped");
    }
  }

  /** Waits until it is time to look; false if closed. */
  private synchronized boolean awaitTurn() throws InterruptedException {
    while (!closed) {
      long nanos = pace.nanosUntilNext(System.nanoTime());
      if (nanos <= 0) {
        return true;
      }
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    return false;
  }

  private void look() {
    try {
      LagReport report = looks.get();
      seen = new Seen(report, clock.instant(), "");
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // For example, the brokers are away, which the sink logs itself. No error may end the
      // thread: the page would show the last report for ever.
      LOG.debug("the group cannot be looked at", e);
      seen = new Seen(seen.report(), seen.at(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
