package io.zonecast.sink.status;

import java.time.Duration;

/**
 * Decides when to look at the group again: every second while someone watches the page, every ten
 * seconds while a scraper comes, never while no one asks. Not thread-safe.
 */
final class LookSchedule {
  static final Duration WATCHED = Duration.ofSeconds(1);
  static final Duration SCRAPED = Duration.ofSeconds(10);
  static final long NEVER = Long.MAX_VALUE;

  /** The page asks every second; a hidden one does not. */
  private static final Duration WATCH_LASTS = Duration.ofSeconds(5);

  /** The longest that scrapers are usually apart. */
  private static final Duration SCRAPE_LASTS = Duration.ofMinutes(2);

  private boolean watched;
  private long watchedNanos;
  private boolean scraped;
  private long scrapedNanos;
  private boolean looked;
  private long lookedNanos;

  void watch(long nowNanos) {
    watched = true;
    watchedNanos = nowNanos;
  }

  void scrape(long nowNanos) {
    scraped = true;
    scrapedNanos = nowNanos;
  }

  void looked(long nowNanos) {
    looked = true;
    lookedNanos = nowNanos;
  }

  /** How long from now until the next look; 0 for at once, {@link #NEVER} while no one asks. */
  long nanosUntilNext(long nowNanos) {
    watched &= nowNanos - watchedNanos <= WATCH_LASTS.toNanos();
    scraped &= nowNanos - scrapedNanos <= SCRAPE_LASTS.toNanos();
    if (!watched && !scraped) {
      return NEVER;
    }
    if (!looked) {
      return 0;
    }
    Duration pause = watched ? WATCHED : SCRAPED;
    return Math.max(0, pause.toNanos() - (nowNanos - lookedNanos));
  }
}
