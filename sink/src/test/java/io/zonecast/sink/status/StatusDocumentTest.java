package io.zonecast.sink.status;

import io.zonecast.monitor.Health;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedFile;
import io.zonecast.schemas.publishes.LastPublish;
import io.zonecast.schemas.publishes.PublishEntry;
import io.zonecast.sink.Golden;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PublishWatch;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusDocumentTest {
  private static final StatusDocument.Identity IDENTITY =
      new StatusDocument.Identity(
          "0.1.0", "zones-sink", "zones", "4711@host", Reports.NOON.minusSeconds(60));

  /** Every key, in its order. */
  @Test
  void itsKeysAreAContract() {
    LagReport report =
        Reports.group(
            Verdict.CAUGHT_UP,
            null,
            Reports.caughtUp(),
            Reports.node("a:11211", NodeState.IN_STEP));

    Golden.assertIs(
        "status.json",
        document(report, new GroupMonitor.Seen(report, Reports.NOON, ""), "").json());
  }

  @Test
  void whatIsNotKnownOfTheGroupIsNull() {
    Golden.assertIs(
        "status-not-known.json",
        document(
                null,
                new GroupMonitor.Seen(null, null, "nobody has looked yet"),
                "Kafka does not answer")
            .json());
  }

  private static final PublishWatch.Seen NOT_KNOWN =
      new PublishWatch.Seen(LastPublish.UNKNOWN, null);

  private static final PublishWatch.Seen PUBLISHED =
      new PublishWatch.Seen(
          new LastPublish(
              LastPublish.State.KNOWN,
              new PublishEntry(
                  new PublishSummary(
                      "5f1d0c9a7b3e2468",
                      Reports.NOON.minusSeconds(60),
                      "ada",
                      "host",
                      "April edition",
                      "AAAAAAAAAAEAAAAAAAAAAg",
                      6,
                      List.of(new PublishedFile("usps.csv", "0123")),
                      List.of("usps"),
                      10L,
                      2L,
                      1L,
                      List.of(),
                      null),
                  866_761L)),
          Duration.ofMillis(3_100));

  private static StatusDocument document(
      @Nullable LagReport current, GroupMonitor.Seen seen, String lost) {
    SinkStatus status =
        new SinkStatus(
            true,
            Set.of(3),
            List.of(
                Reports.node("a:11211", NodeStatus.State.IN_STEP),
                Reports.node(
                    "b:11211", NodeStatus.State.FILLING, Duration.ofSeconds(2), "it was empty")),
            Map.of(3, Reports.AT_7));
    SinkFigures figures =
        new SinkFigures(
            Map.of("group", "zones-sink"),
            List.of("a:11211", "b:11211"),
            Clock.fixed(Reports.NOON, ZoneOffset.UTC));
    figures.putAside(3, 2, 5, "no Avro");
    figures.note(Severity.GOOD, "a:11211: filled in 2 s");
    LastMinute lastMinute = new LastMinute();
    lastMinute.add(new LastMinute.Second(5, 0, Duration.ofMillis(12)));
    return new StatusDocument(
        Reports.NOON.plusSeconds(1),
        IDENTITY,
        status,
        new Health.Answer(true, "caught up"),
        figures,
        lastMinute,
        new StatusDocument.OfGroup(seen, current, lost, current == null ? NOT_KNOWN : PUBLISHED));
  }
}
