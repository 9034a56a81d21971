package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Waiting for a node that lists its keys to somebody else. */
class KeyCrawlerTest {
  @Test
  void whoWaitsForABusyNodeIsAskedAgainAndAgainWhetherToGoOn() throws Exception {
    var asked = new AtomicInteger();
    try (FakeNode node = busyUntil(Integer.MAX_VALUE)) {

      long shown =
          crawler(node, Duration.ofMinutes(1))
              .crawl((key, length) -> true, () -> asked.incrementAndGet() < 3);

      assertThat(shown).isZero();
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void aNodeThatIsBusyNoMoreIsListed() throws Exception {
    try (FakeNode node = busyUntil(2)) {
      assertThat(crawler(node, Duration.ofMinutes(1)).crawl((key, length) -> true)).isEqualTo(1);
    }
  }

  @Test
  void aNodeThatIsBusyForLongerThanThePatienceHasRefused() throws Exception {
    try (FakeNode node = busyUntil(Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> crawler(node, Duration.ZERO).crawl((key, length) -> true))
          .isInstanceOf(CrawlerRefusedException.class)
          .hasMessageContaining("try again later");
    }
  }

  @Test
  void aNodeThatResetsTheListingIsNamed() throws Exception {
    try (FakeNode node =
        new FakeNode(
            socket -> {
              socket.getOutputStream().write("key=zone%3Aa exp=-1\r\n".getBytes(US_ASCII));
              socket.setSoLinger(true, 0);
            })) {
      assertThatThrownBy(() -> crawler(node, Duration.ZERO).crawl((key, length) -> true))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(node.address().toString());
    }
  }

  private static FakeNode busyUntil(int listing) throws IOException {
    var listings = new AtomicInteger();
    return new FakeNode(
        socket -> {
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
          String answer =
              listings.incrementAndGet() < listing
                  ? "BUSY currently processing crawler request\r\n"
                  : "key=zone%3Aa exp=-1\r\nEND\r\n";
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
          FakeNode.swallow(socket);
        });
  }

  private static KeyCrawler crawler(FakeNode node, Duration patience) {
    return new KeyCrawler(node.address(), ConnectionSettings.DEFAULT, patience, "zone:");
  }
}
