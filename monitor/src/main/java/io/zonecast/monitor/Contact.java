package io.zonecast.monitor;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the brokers that a process lives on still answer. Whoever shows something of them shows
 * how old that is, and claims nothing once contact {@linkplain #isLost is lost}. The log says once
 * that they are gone, and once that they are back. Thread-safe.
 */
public final class Contact {
  /** What is older says nothing of how things stand. */
  public static final Duration LOST_AFTER = Duration.ofSeconds(5);

  private static final long ASK_EVERY_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

  private final String with;
  private final String remedy;
  private final LongSupplier nanoClock;
  private long answeredNanos;
  private boolean said;

  /**
   * @param with whom, as {@code Kafka at localhost:9092}
   * @param remedy what to look at if there is no answer
   */
  public Contact(String with, String remedy, LongSupplier nanoClock) {
    this.with = with;
    this.remedy = remedy;
    this.nanoClock = nanoClock;
    this.answeredNanos = nanoClock.getAsLong();
  }

  /** With Kafka, under the option that says where it is. */
  public static Contact withKafka(@Nullable Object bootstrapServers) {
    return new Contact(
        "Kafka at " + bootstrapServers,
        "is the broker up, and --bootstrap-servers right?",
        System::nanoTime);
  }

  /** Asks in the background, a second after each answer, until closed. */
  public RepeatedChecks ask(Callable<?> question) {
    RepeatedChecks asking = new RepeatedChecks("zonecast-contact");
    asking.repeat("contact", () -> askOnce(question), ASK_EVERY_MILLIS);
    return asking;
  }

  /**
   * @param question answered within a second or two, or not at all
   */
  void askOnce(Callable<?> question) {
    try {
      LOG.trace("{} answered {}", with, question.call());
      answered();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debug("{} did not answer", with, e);
      missed();
    }
  }

  /** There was an answer. */
  private synchronized void answered() {
    if (said) {
      said = false;
      LOG.info("{} answers again, after {}", with, seconds(silence()));
    }
    answeredNanos = nanoClock.getAsLong();
  }

  private synchronized void missed() {
    if (isLost() && !said) {
      said = true;
      LOG.warn("{}", words());
    }
  }

  /** How long ago there was an answer, or at first since this was made. */
  public synchronized Duration silence() {
    return Duration.ofNanos(Math.max(0, nanoClock.getAsLong() - answeredNanos));
  }

  public boolean isLost() {
    return silence().compareTo(LOST_AFTER) > 0;
  }

  /** The age of what is known, in words. */
  public String words() {
    return isLost()
        ? "%s has not answered for %s; %s".formatted(with, seconds(silence()), remedy)
        : "%s answered %s ago".formatted(with, seconds(silence()));
  }

  private static String seconds(Duration time) {
    double seconds = time.toMillis() / 1_000.0;
    return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }
}
