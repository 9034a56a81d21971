package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.app.trust.KafkaRight;
import io.zonecast.schemas.ZoneTopic;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecurityGuideTest {
  private static final String DEFAULT_GROUP = "zones-sink";

  /** Those of the table are the ones that {@link TrustIT} grants, and takes away one by one. */
  @Test
  void theTableOfRightsIsWhatTheCommandsNeed() throws IOException {
    String expected =
        Stream.concat(
                Stream.of("| command | on | operations |", "|---|---|---|"),
                Stream.of(
                        "plan", "publish", "history", "undo", "export", "delete", "update",
                        "stream", "sink", "rebuild", "verify", "lag")
                    .flatMap(SecurityGuideTest::rows))
            .collect(Collectors.joining("\n", "", "\n"));

    assertThat(SecurityGuide.read().rights()).isEqualTo(expected);
  }

  private static Stream<String> rows(String command) {
    List<KafkaRight> rights = KafkaRight.of(command, ZoneTopic.DEFAULT_NAME, DEFAULT_GROUP);
    return rights.stream()
        .map(
            right ->
                "| %s| %s `%s` | %s |"
                    .formatted(
                        right.equals(rights.get(0)) ? "`" + command + "` " : "",
                        right.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        right.name(),
                        right.operations().stream()
                            .map(KafkaRight::nameOf)
                            .collect(Collectors.joining(", "))));
  }
}
