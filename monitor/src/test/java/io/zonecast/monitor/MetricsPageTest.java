package io.zonecast.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
  private static final Map<String, String> COMMON = Map.of("group", "g");

  private final AtomicInteger bound = new AtomicInteger();
  private final HistogramFamily delays =
      new HistogramFamily("a_delay_seconds", "How late.", COMMON, List.of("node"), 0.1, 1);
  private final MeterBinder undescribed =
      registry -> {
        bound.incrementAndGet();
        Gauge.builder("a.b", () -> 7).register(registry);
      };
  private final MetricsPage page =
      new MetricsPage(COMMON, List.of(delays, undescribed), () -> delays.with("n1"));

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void nothingIsBoundBeforeTheFirstScrape() throws IOException {
    assertThat(bound).hasValue(0);

    scrape("");
    scrape("");

    assertThat(bound).hasValue(1);
  }

  @Test
  void whatWasCountedBeforeTheFirstScrapeIsShown() throws IOException {
    delays.with("n1").record(Duration.ofMillis(50), 3);
    delays.with("n1").record(Duration.ofMillis(500));
    delays.with("n1").record(Duration.ofSeconds(5));

    assertThat(scrape("").lines())
        .contains(
            "# HELP a_delay_seconds How late.",
            "# TYPE a_delay_seconds histogram",
            "a_delay_seconds_bucket{group=\"g\",node=\"n1\",le=\"0.1\"} 3",
            "a_delay_seconds_bucket{group=\"g\",node=\"n1\",le=\"1.0\"} 4",
            "a_delay_seconds_bucket{group=\"g\",node=\"n1\",le=\"+Inf\"} 5",
            "a_delay_seconds_count{group=\"g\",node=\"n1\"} 5");
  }

  @Test
  void theMachinesAndTheProcesssMetersAreThereWithTheCommonLabels() throws IOException {
    assertThat(scrape(""))
        .contains("jvm_memory_used_bytes{area=\"heap\",group=\"g\"")
        .contains("process_uptime_seconds{group=\"g\"}")
        .contains("process_files_open_files{group=\"g\"}")
        .contains("jvm_gc_memory_allocated_bytes_total{group=\"g\"}");
  }

  @Test
  void everyMeterHasAHelp() throws IOException {
    List<String> helps = scrape("").lines().filter(line -> line.startsWith("# HELP ")).toList();

    assertThat(helps).isNotEmpty().allMatch(line -> line.matches("# HELP \\S+ \\S.*"));
    assertThat(helps).anyMatch(line -> line.startsWith("# HELP a_b "));
  }

  @Test
  void openMetricsIsGivenToWhoPrefersIt() throws IOException {
    Reply reply =
        page.get(new PageRequest("", "application/openmetrics-text;version=1.0.0,*/*;q=0.1"));

    assertThat(reply.mediaType()).startsWith("application/openmetrics-text");
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
  }

  private String scrape(String accept) throws IOException {
    return new String(page.get(new PageRequest("", accept)).body(), StandardCharsets.UTF_8);
  }
}
