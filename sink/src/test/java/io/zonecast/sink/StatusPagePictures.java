package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Takes the pictures of the status page for {@code docs/images}, from a real sink in each state. No
 * test: run it by hand, with the directory.
 */
final class StatusPagePictures {
  private static final int ROWS = 300_000;
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 860;

  private final Browser browser;
  private final Path directory;

  private StatusPagePictures(Browser browser, Path directory) {
    this.browser = browser;
    this.directory = directory;
  }

  public static void main(String[] arguments) throws IOException {
    try (Browser browser = Browser.open()) {
      new StatusPagePictures(browser, Files.createDirectories(Path.of(arguments[0]))).take();
    }
    System.exit(0);
  }

  private void take() throws IOException {
    try (Stage stage = Stage.named("zones", 6, 2)) {
      stage.topic().setMany(ROWS, "2");
      try (MonitoredSink sink = MonitoredSink.start(stage, stage.links())) {
        screen(WIDTH, HEIGHT, false);
        stage.awaitEqual(sink.running());
        browser.go(sink.url("/"));
        awaitText("#words", "CAUGHT UP");
        updates(stage, 25);
        picture("status-caught-up.png");
        browser.dark(true);
        picture("status-dark.png");
        browser.dark(false);
        screen(390, 844, true);
        picture("status-phone.png");
        screen(WIDTH, HEIGHT, false);

        // As far as another continent.
        stage.node(0).link().delayRoundTrip(Duration.ofMillis(300));
        stage.raw(0).flushAll();
        awaitText("#words", "CATCHING UP");
        awaitText("#fill-list", "left");
        awaitText("#right", "being filled");
        picture("status-filling.png");
        stage.node(0).link().delayRoundTrip(Duration.ZERO);
        awaitText("#words", "CAUGHT UP");

        stage.node(1).link().refuseConnections();
        stage.node(1).link().cut();
        awaitText("#right", "does not answer");
        updates(stage, 3);
        picture("status-down.png");
        stage.node(1).link().acceptConnections();
        awaitText("#words", "CAUGHT UP");
      }
    }
    try (Stage stage = Stage.named("zones-eu", 6, 1)) {
      stage.add("-m", "2");
      stage.topic().setMany(ROWS, "2");
      try (MonitoredSink sink = MonitoredSink.start(stage, stage.links())) {
        browser.go(sink.url("/"));
        awaitText("#words", "but not right");
        awaitText(".card.bad .detail", "start it with");
        updates(stage, 3);
        picture("status-evictions.png");
      }
    }
  }

  private void screen(int width, int height, boolean phone) {
    browser.screen(width, height, phone);
  }

  /** A few live records, about one a second, so that the charts have something to show. */
  private void updates(Stage stage, int seconds) {
    for (int second = 0; second < seconds; second++) {
      for (int i = 0; i <= (second * 7) % 40; i++) {
        stage.topic().send("usps:%03d:%03d".formatted(second % 60, i), Integer.toString(i % 9 + 1));
      }
      stage.topic().flush();
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    }
  }

  private void awaitText(String selector, String expected) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(browser.text(selector)).contains(expected));
  }

  private void picture(String name) throws IOException {
    Files.write(directory.resolve(name), browser.picture());
  }
}
