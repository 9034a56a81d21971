package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.FakeNode;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.timing.Timing;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A keeper whose thread meets what no retry can mend; its node is down. */
class NodeKeeperTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private NodeKeeper keeper;

  @BeforeEach
  void makeKeeper() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      keeper = keeperOf(new NodeAddress("127.0.0.1", taken.getLocalPort()));
    }
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  @Test
  void anErrorEndsTheSinkAndWhoAsksIsAnsweredAllTheSame() {
    var failure = new OutOfMemoryError("Java heap space");
    keeper.assigned(throwing(failure));
    keeper.start();
    assertThat(fatal).succeedsWithin(SOON).isSameAs(failure);

    assertThat(keeper.released(List.of(0))).succeedsWithin(SOON);
  }

  @Test
  void whatComesBehindAFailureIsAnswered() {
    keeper.assigned(throwing(new IllegalStateException("the first")));
    keeper.assigned(throwing(new IllegalStateException("the second")));
    keeper.assigned(throwing(new OutOfMemoryError("the third")));
    CompletableFuture<Void> released = keeper.released(List.of(0));

    keeper.start();

    assertThat(released).succeedsWithin(SOON);
    assertThat(fatal.join()).hasMessage("the first");
  }

  @Test
  void aProxyIsToldFromANodeBeforeAnythingIsWritten() throws Exception {
    List<String> requests = new CopyOnWriteArrayList<>();
    try (FakeNode proxy =
            FakeNode.answeringEach(
                request -> {
                  requests.add(request);
                  return switch (request) {
                    case "stats\r\n" ->
                        "STAT proxy_config_reloads 0\r\nSTAT curr_items 0\r\nEND\r\n";
                    case "stats settings\r\n" -> "STAT maxconns 1024\r\nEND\r\n";
                    default -> "EN\r\nMN\r\n";
                  };
                });
        NodeKeeper itsKeeper = keeperOf(proxy.address())) {
      itsKeeper.assigned(List.of(0));

      itsKeeper.start();

      await()
          .atMost(SOON)
          .until(() -> itsKeeper.status().detail().contains("name the nodes behind it"));
      assertThat(itsKeeper.status().state()).isEqualTo(NodeStatus.State.DOWN);
      assertThat(requests).noneMatch(request -> request.startsWith("ms "));
    }
  }

  /** Throws on the keeper's thread. */
  private static List<Integer> throwing(Throwable failure) {
    return new AbstractList<>() {
      @Override
      public Integer get(int index) {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  private NodeKeeper keeperOf(NodeAddress node) {
    var writtenWith = new WrittenWith("zone:", "zone", 0, "modulo", List.of(node.toString()));
    var us =
        new Claimant(
            new TopicInfo("cluster", "zones", new Uuid(1, 2), 1, Duration.ofDays(7)),
            "g",
            writtenWith);
    var check = new OwnerCheck(us, ConnectionSettings.DEFAULT, List::of);
    var letters =
        new DeadLetters(
            us.topic(),
            "g",
            () -> {
              throw new IllegalStateException("nothing is read back here");
            },
            () -> {
              throw new IllegalStateException("no letter is written here");
            },
            (partition, records, firstOffset, reason) -> {},
            Timing.SYSTEM);
    var context =
        new NodeContext(
            new PoolSettings(List.of(node), us, check, false, false, ConnectionSettings.DEFAULT),
            new TopicAccess(
                new ProtocolStage.Group(),
                new Lease(SOON, Timing.SYSTEM),
                target -> {},
                letters,
                Map::of),
            new StartupOwnerCheck(List.of(node)),
            new ConcurrentHashMap<>(),
            new SettingsInForce(writtenWith, Timing.SYSTEM),
            Timing.SYSTEM,
            new ProtocolStage.Events(),
            List::of);
    return new NodeKeeper(context, node, 0, fatal::complete);
  }
}
