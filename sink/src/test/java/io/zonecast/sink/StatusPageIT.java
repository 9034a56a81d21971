package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** The status page in a real browser, which never reloads it. */
class StatusPageIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** So slow a way to the node that its fill can be watched. */
  private static final Duration SLOW = Duration.ofMillis(400);

  private static Browser browser;
  private static Stage stage;
  private static MonitoredSink sink;

  @BeforeAll
  static void start() {
    browser = Browser.open();
    stage = new Stage(3, 2);
    stage.topic().setMany(500, "2");
    sink = MonitoredSink.start(stage, stage.links());
    stage.awaitEqual(sink.running());
    browser.go(sink.url("/"));
  }

  @AfterAll
  static void stop() {
    if (sink != null) {
      sink.close();
      stage.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void awaitCaughtUp() {
    until(() -> browser.text("#words"), "CAUGHT UP");
    until(() -> browser.count(".card .state.good"), 2);
  }

  @Test
  void aWipedNodeIsShownFillingAndThenInStep() {
    String card = ".card[data-key='" + stage.links().get(0) + "']";
    assertThat(browser.text(card + " .state")).contains("IN STEP");
    stage.node(0).link().delayRoundTrip(SLOW);

    stage.raw(0).flushAll();

    untilContains(card + " .state", "FILLING");
    untilContains("#fill-list", stage.links().get(0));
    untilContains("#right", "Not yet: " + stage.links().get(0) + " is being filled");
    stage.node(0).link().delayRoundTrip(Duration.ZERO);
    untilContains(card + " .state", "IN STEP");
    untilContains("#event-list", stage.links().get(0) + ": filled in ");
    until(() -> browser.run("return document.getElementById('fills').hidden"), true);
  }

  @Test
  void aNodeThatIsGoneIsShownDownWithSinceWhen() {
    stage.node(1).link().refuseConnections();
    stage.node(1).link().cut();

    untilContains("#words", "STALLED");
    untilContains("#right", "No: " + stage.links().get(1) + " does not answer");
    untilContains(".card.bad .detail", "Since ");
    stage.node(1).link().acceptConnections();
    until(() -> browser.text("#words"), "CAUGHT UP");
  }

  @Test
  void whatComesFromKafkaIsTextAndNoMarkup() {
    stage.topic().raw("<b id=evil>x</b>", TestTopic.ascii("no Avro"), 0);

    untilContains("#event-list", "1 record dead-lettered");
    untilContains("#event-list", "<b id=evil>");
    assertThat(browser.count("#evil")).isZero();
  }

  @Test
  void aLiveRecordsDelayIsDrawn() {
    stage.topic().set("usps:000:001", "9");

    until(() -> browser.count("#delay .stem") > 0, true);
    assertThat(browser.text("#delay-now")).endsWith("s");
  }

  @Test
  void thePageIsAllThereIsAndNobodyElseIsAsked() {
    Object foreign =
        browser.run(
            "return performance.getEntriesByType('resource').map(entry => entry.name)"
                + ".filter(name => !name.startsWith(location.origin)).length");

    assertThat(foreign).isEqualTo(0L);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void thePageHasWhatKeyboardsAndScreenReadersNeed() {
    assertThat(browser.count("html[lang]")).isEqualTo(1);
    assertThat(browser.count("h1")).isEqualTo(1);
    assertThat(browser.count("header, main, footer, nav[aria-label]")).isEqualTo(4);
    assertThat(browser.count("section:not([aria-labelledby])")).isZero();
    assertThat(browser.count("th:not([scope])")).isZero();
    assertThat(browser.count("progress:not([aria-label])")).isZero();
    assertThat(browser.count("svg:not([aria-label]):not([aria-hidden])")).isZero();
    assertThat(browser.count("[aria-live=polite] #words")).isEqualTo(1);
    assertThat(browser.run("return document.querySelector('a').getAttribute('href')"))
        .as("the first link leads past the header")
        .isEqualTo("#main");
  }

  @Test
  void nothingIsCutOffAtTheWidthOfAPhone() {
    browser.screen(390, 844, true);
    try {
      assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"))
          .isEqualTo(true);
    } finally {
      browser.screen(1280, 900, false);
    }
  }

  @Test
  void everyWordIsReadableInLightAndInDark() {
    for (boolean dark : List.of(false, true)) {
      browser.dark(dark);

      assertThat(browser.run(CONTRASTS)).as(dark ? "dark" : "light").isEqualTo(List.of());
    }
    browser.dark(false);
  }

  /** Words whose contrast to what is behind them is less than WCAG's 4.5. */
  private static final String CONTRASTS =
      """
      const channels = (text) => text.match(/[0-9.]+/g).map(Number);
      const over = (top, below) =>
        top.slice(0, 3).map((c, i) => c * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
      const behind = (element) => {
        if (!element) return [255, 255, 255];
        const own = channels(getComputedStyle(element).backgroundColor);
        return (own[3] ?? 1) === 1 ? own.slice(0, 3) : over(own, behind(element.parentElement));
      };
      const luminance = (colour) => {
        const [r, g, b] = colour.map((c) => c / 255)
          .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return [...document.querySelectorAll('body *')]
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .filter((e) => e.getClientRects().length && !e.closest('noscript'))
        .map((e) => {
          const ground = behind(e);
          const a = luminance(over(channels(getComputedStyle(e).color), ground));
          const b = luminance(ground);
          return [e.textContent.slice(0, 30), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
        })
        .filter(([, contrast]) => contrast < 4.5)
        .map(([text, contrast]) => text + ' ' + contrast.toFixed(1));
      """;

  private static void untilContains(String selector, String expected) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(browser.text(selector)).contains(expected));
  }

  private static void until(ThrowingSupplier<?> found, Object expected) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat((Object) found.get()).isEqualTo(expected));
  }
}
