package io.zonecast.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ends the thread that all fills wait for. */
class ReplayTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:9"));

  @AfterEach
  void close() {
    admin.close(Duration.ZERO);
  }

  @Test
  void aConsumerThatCannotBeOpenedIsTold() {
    var failure = new KafkaException("no resolvable bootstrap urls");

    isTold(
        failure,
        () -> {
          throw failure;
        });
  }

  @Test
  void anErrorIsToldToo() {
    var failure = new OutOfMemoryError("Java heap space");

    isTold(
        failure,
        () -> {
          throw failure;
        });
  }

  @Test
  void anEndInGoodOrderIsNoNews() {
    try (var replay = replayOf(() -> new MockConsumer<>("earliest"))) {
      replay.start();
    }

    assertThat(fatal).isNotDone();
  }

  private void isTold(Throwable failure, Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers) {
    try (var replay = replayOf(consumers)) {
      replay.start();

      assertThat(fatal).succeedsWithin(SOON).isSameAs(failure);
    }
  }

  private Replay replayOf(Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers) {
    return new Replay(
        "zones",
        consumers,
        new EntryReader(
            1,
            "zone:",
            ValueFormat.ZONE,
            PlacementScheme.MODULO.place(List.of(NodeAddress.parse("a:11211"))),
            new ZoneRowDecoder(BundledSchemas.load())),
        new Watermarks(admin, "zones", Timing.SYSTEM, Duration.ZERO)::ends,
        new DeadLetters(
            new TopicInfo("cluster", "zones", Uuid.ONE_UUID, 1, Duration.ofDays(1)),
            "g",
            consumers,
            () -> {
              throw new IllegalStateException("no letter is written here");
            },
            (partition, records, firstOffset, reason) -> {},
            Timing.SYSTEM),
        new FoldMemory(1 << 20),
        fatal::complete,
        Timing.SYSTEM);
  }
}
