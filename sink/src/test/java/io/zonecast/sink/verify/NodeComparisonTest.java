package io.zonecast.sink.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.ZoneRowSerializer;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A node that goes away while it is compared. */
class NodeComparisonTest {
  /** More than are under way at once: the first answers are waited for before the last is asked. */
  private static final int ROWS = 60_000;

  private static final TopicPartition PARTITION = new TopicPartition("zones", 0);

  @Test
  void aNodeThatIsLostWhileItIsReadIsUnreachableAndEndsNothing() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var workers = new Workers()) {
      Thread node = new Thread(() -> serveUntilItIsAskedForEntries(server), "node");
      node.start();
      var address = new NodeAddress("127.0.0.1", server.getLocalPort());
      Placement placement = PlacementScheme.MODULO.place(List.of(address));
      try (TopicTable table = table(placement)) {
        table.readPass(workers, fraction -> {});
        var comparison =
            new NodeComparison(address, 0, ConnectionSettings.DEFAULT, "zone:", 0, placement);

        comparison.compare(table, count -> {});

        assertThat(comparison.verification().unreachable())
            .contains(address.toString())
            .doesNotContain("Exception");
      }
      node.join();
    }
  }

  private static TopicTable table(Placement placement) {
    var consumer = new MockConsumer<ByteBuffer, ByteBuffer>("earliest");
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.schedulePollTask(() -> addRows(consumer));
    return new TopicTable(
        "zones",
        1,
        () -> consumer,
        () ->
            new EntryReader(
                "zones",
                1,
                "zone:",
                ValueFormat.ZONE,
                placement,
                new ZoneRowDecoder(BundledSchemas.load())),
        Map.of(0, (long) ROWS),
        64 << 20,
        (since, stuck) -> {});
  }

  private static void addRows(MockConsumer<ByteBuffer, ByteBuffer> consumer) {
    try (var serializer = new ZoneRowSerializer()) {
      serializer.configure(Map.of(), false);
      for (int i = 0; i < ROWS; i++) {
        String origin = "%05d".formatted(i);
        var row = new ZoneRow("usps", origin, "010", "2", null, null);
        byte[] value = Objects.requireNonNull(serializer.serialize("zones", row));
        consumer.addRecord(
            new ConsumerRecord<>(
                "zones",
                0,
                i,
                ByteBuffer.wrap(("usps:" + origin + ":010").getBytes(UTF_8)),
                ByteBuffer.wrap(value)));
      }
    }
  }

  private static void serveUntilItIsAskedForEntries(ServerSocket server) {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        if (!new String(buffer, 0, read, US_ASCII).startsWith("stats")) {
          return;
        }
        socket.getOutputStream().write("END\r\n".getBytes(US_ASCII));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
