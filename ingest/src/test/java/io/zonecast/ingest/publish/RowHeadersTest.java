package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RowHeadersTest {
  private static final String CHECKSUM = "0123456789abcdef".repeat(4);

  @Test
  void whatAPublishWritesIsReadAgain() {
    assertThat(RowHeaders.source(new RecordHeaders(RowHeaders.of("1f", CHECKSUM, "a b.csv"))))
        .contains(new RowHeaders.Source("1f", true, "a b.csv"));
    assertThat(RowHeaders.source(new RecordHeaders(RowHeaders.of("2f", "undo of 1f"))))
        .contains(new RowHeaders.Source("2f", false, "undo of 1f"));
  }

  @Test
  void anotherWritersHeaderIsNone() {
    RecordHeaders foreign = new RecordHeaders();
    foreign.add(RowHeaders.SOURCE, "theirs".getBytes(StandardCharsets.UTF_8));

    assertThat(RowHeaders.source(foreign)).isEmpty();
    assertThat(RowHeaders.source(new RecordHeaders())).isEmpty();
  }
}
