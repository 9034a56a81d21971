package io.zonecast.sink.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import io.zonecast.sink.owner.Claimant;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A node that goes away while it is compared. */
class NodeComparisonTest {
  /** More than are under way at once: the first answers are waited for before the last is asked. */
  private static final int ROWS = 60_000;

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
        var target =
            new VerifyTarget(
                new Claimant(
                    new TopicInfo("cluster", TopicLog.TOPIC, Uuid.ZERO_UUID, 1, Duration.ofDays(1)),
                    "group",
                    new WrittenWith("zone:", "zone", 0, "modulo", List.of(address.toString()))),
                CacheLayout.of(List.of(address)),
                List.of(address),
                ConnectionSettings.DEFAULT,
                0);
        var comparison = new NodeComparison(target, address, placement);

        comparison.compare(table, count -> {});

        assertThat(comparison.verification().unreachable())
            .contains(address.toString())
            .doesNotContain("Exception");
      }
      node.join();
    }
  }

  private static TopicTable table(Placement placement) {
    var log = new TopicLog(1);
    for (int i = 0; i < ROWS; i++) {
      log.append("usps:%05d:010".formatted(i), "2");
    }
    return new TopicTable(
        TopicLog.TOPIC,
        1,
        log::consumer,
        Verifier.patience(why -> {}, System::nanoTime),
        () ->
            new EntryReader(
                1, "zone:", ValueFormat.ZONE, placement, new ZoneRowDecoder(BundledSchemas.load())),
        log.ends(),
        64 << 20);
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
