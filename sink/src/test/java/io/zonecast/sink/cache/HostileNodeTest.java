package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a node answers, a connection is in step with it or broken, never anything between. */
class HostileNodeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final ConnectionSettings SETTINGS =
      ConnectionSettings.DEFAULT.withAckTimeout(Duration.ofSeconds(5));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HELLO\r\n",
        "HD\r\n",
        "EN\r\n",
        "END\r\n",
        "STORED\r\n",
        "VA 1\r\n1\r\nMN\r\n",
        "MN x\r\n",
        "MN\n",
        "\r\n",
        "\n",
        "\u0000\u0001\u0002\r\n",
        "ERROR\r\n",
        "CLIENT_ERROR bad data chunk\r\n",
        "MN\r\nMN\r\n",
        "MN\r\nHD",
        "NS\r\nNS\r\nNS\r\nMN\r\n",
        "NF\r\nNF\r\nMN\r\n",
      })
  void answersThatDoNotFitABatchBreakTheConnection(String answer) throws Exception {
    try (FakeNode node = FakeNode.answering(answer);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {
      connection.send(batchOfTwo(), (batch, result) -> {});

      await().until(() -> !connection.isOpen());
      assertThat(send(connection, batchOfTwo())).isInstanceOf(SetManyResult.Broken.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MN\r\n",
        "HD\r\nMN\r\n",
        "HD\r\nHD\r\nHD\r\nMN\r\n",
        "HD\r\nHD\r\nHD\r\n",
        "HD\r\nVA 1\r\n",
        "HD\r\nERROR\r\nMN\r\n"
      })
  void answersThatDoNotFitALoudBatchBreakTheConnection(String answer) throws Exception {
    try (FakeNode node = FakeNode.answering(answer);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {

      assertThatThrownBy(() -> connection.sendLoud(batchOfTwo(), TIMEOUT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(node.address().toString());
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MN\r\n",
        "EN\r\nMN\r\n",
        "EN\r\nEN\r\nEN\r\n",
        "VA 1 c5\r\n12\r\nEN\r\nMN\r\n",
        "VA 3 c5\r\n1\r\nEN\r\nMN\r\n",
        "VA -1 c5\r\n\r\nEN\r\nMN\r\n",
        "VA 99999999999 c5\r\n",
        "VA 1\r\n1\r\nEN\r\nMN\r\n",
        "VA 1 cx\r\n1\r\nEN\r\nMN\r\n",
        "HD\r\n",
      })
  void answersThatDoNotFitAReadBreakTheConnection(String answer) throws Exception {
    try (FakeNode node = FakeNode.answering(answer);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {

      assertThatThrownBy(() -> connection.readEntries(List.of("a", "b")))
          .isInstanceOf(IOException.class);
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VA 1 f0 c1 O2\r\n1\r\nMN\r\n",
        "VA 1 f0 c1 O1\r\n1\r\nVA 1 f0 c1 O0\r\n1\r\nMN\r\n",
        "VA 1 f0 c1 O0\r\n1\r\nVA 1 f0 c1 O0\r\n1\r\nMN\r\n",
        "VA 1 f0 c1\r\n1\r\nMN\r\n",
        "VA 1 f0 c1 Ox\r\n1\r\nMN\r\n",
        "VA 1 z0 c1 O0\r\n1\r\nMN\r\n",
        "VA f0 c1 O0\r\n1\r\nMN\r\n",
        "VA\r\n",
        "EN\r\nMN\r\n",
      })
  void answersThatDoNotFitAMultiGetBreakTheConnection(String answer) throws Exception {
    try (FakeNode node = FakeNode.answering(answer);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {
      MultiGetKeys keys = new MultiGetKeys("");
      keys.add(new byte[] {'a'}, 0, 1);
      keys.add(new byte[] {'b'}, 0, 1);

      CompletableFuture<Integer> hits =
          connection.getMany(keys, (index, flags, cas, value, length) -> {});

      assertThat(hits).failsWithin(TIMEOUT);
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void megabytesWithoutALinesEndBreakTheConnection() throws Exception {
    byte[] flood = new byte[4 << 20];
    Arrays.fill(flood, (byte) 'x');
    try (FakeNode node = FakeNode.answering(flood);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {

      assertThat(send(connection, batchOfTwo())).isInstanceOf(SetManyResult.Broken.class);
    }
  }

  @Test
  void bytesThatNobodyAskedForBreakTheConnection() throws Exception {
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  socket.getOutputStream().write("MN\r\n".getBytes(UTF_8));
                  FakeNode.swallow(socket);
                });
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {

      await().until(() -> !connection.isOpen());
    }
  }

  @Test
  void anAnswerBeforeTheRequestHasLeftBreaksTheConnection() throws Exception {
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  socket.getInputStream().read();
                  socket.getOutputStream().write("MN\r\n".getBytes(UTF_8));
                  new CountDownLatch(1).await();
                });
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {
      EntryBatch batch = new EntryBatch("", 0);
      batch.set(new byte[] {'a'}, new byte[16 << 20]);

      SetManyResult result = send(connection, batch);

      assertThat(result).isInstanceOf(SetManyResult.Broken.class);
      assertThat(((SetManyResult.Broken) result).cause()).hasMessageContaining("still on its way");
    }
  }

  @Test
  void answersInSingleBytesAreUnderstood() throws Exception {
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  socket.setTcpNoDelay(true);
                  dribble(socket.getOutputStream(), socket, "NF\r\nMN\r\n");
                  dribble(socket.getOutputStream(), socket, "VA 4 c7\r\n1\r\n2\r\nEN\r\nMN\r\n");
                  FakeNode.swallow(socket);
                });
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {

      assertThat(send(connection, batchOfTwo())).isEqualTo(new SetManyResult.Stored(2));
      assertThat(connection.readEntries(List.of("a", "b")))
          .containsExactly(
              new VersionedEntry.Present("a", "1\r\n2", 7), new VersionedEntry.Absent("b"));
    }
  }

  private static void dribble(OutputStream out, Socket socket, String answer) throws IOException {
    FakeNode.readRequest(socket);
    for (byte b : answer.getBytes(UTF_8)) {
      out.write(b);
      out.flush();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatTheNodeEndsTellsEveryBatchInFlightOnceAndInOrder(boolean reset)
      throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  sent.await();
                  if (reset) {
                    socket.setSoLinger(true, 0);
                  }
                });
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {
      List<Integer> told = new CopyOnWriteArrayList<>();
      CountDownLatch closed = new CountDownLatch(1);
      connection.onClosed(closed::countDown);
      for (int i = 0; i < 20; i++) {
        int number = i;
        connection.send(
            batchOfTwo(),
            (batch, result) -> {
              assertThat(result).isInstanceOf(SetManyResult.Broken.class);
              told.add(number);
            });
      }

      sent.countDown();

      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(told).hasSize(20).isSorted();
      assertThat(connection.awaitRoom(0, Duration.ZERO)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNodeThatResetsTheConnectionIsNamedWhetherAReadOrAWriteMeetsIt(boolean write)
      throws Exception {
    CountDownLatch mayReset = new CountDownLatch(1);
    CountDownLatch reset = new CountDownLatch(1);
    // Asked just before each write, so that the write comes after the reset.
    WriteLease lease =
        () -> {
          if (write) {
            mayReset.countDown();
            awaitQuietly(reset);
          }
        };
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  if (write) {
                    mayReset.await();
                  } else {
                    socket.getInputStream().read();
                  }
                  socket.setSoLinger(true, 0);
                  socket.close();
                  reset.countDown();
                });
        NodeConnection connection =
            NodeConnection.open(node.address(), SETTINGS, lease, BatchTimes.IGNORED)) {
      MultiGetKeys keys = new MultiGetKeys("");
      keys.add(new byte[] {'a'}, 0, 1);

      CompletableFuture<Integer> hits =
          connection.getMany(keys, (index, flags, cas, value, length) -> {});

      assertThat(hits)
          .failsWithin(TIMEOUT)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(IOException.class)
          .withMessageContaining(node.address().toString())
          .withMessageNotContaining("Exception");
    }
  }

  @Test
  @SuppressWarnings("try") // closing before the end is the point
  void aCloseIsImmediateAndNothingQueuedLeavesAfterIt() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    AtomicLong received = new AtomicLong(-1);
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  closed.await();
                  long bytes = 0;
                  try {
                    byte[] buffer = new byte[1 << 16];
                    for (int n; (n = socket.getInputStream().read(buffer)) >= 0; ) {
                      bytes += n;
                    }
                  } catch (IOException reset) {
                    // as it should be
                  }
                  received.set(bytes);
                });
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {
      List<SetManyResult> results = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 64; i++) {
        EntryBatch batch = new EntryBatch("", 0);
        batch.set(new byte[] {'a'}, new byte[1 << 20]);
        connection.send(batch, (sent, result) -> results.add(result));
      }
      assertThat(connection.awaitRoom(63, Duration.ofMillis(50))).isFalse();

      long before = System.nanoTime();
      connection.close();
      long took = System.nanoTime() - before;
      closed.countDown();

      assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(500));
      assertThat(results).hasSize(64).allMatch(SetManyResult.Broken.class::isInstance);
      await().untilAtomic(received, bytes -> assertThat(bytes).isBetween(0L, 32L << 20));
    }
  }

  @Test
  void aNodeThatDoesNotAnswerBreaksTheConnectionByItself() throws Exception {
    try (FakeNode node = new FakeNode(FakeNode::swallow);
        NodeConnection connection =
            NodeConnection.open(node.address(), SETTINGS.withAckTimeout(Duration.ofMillis(100)))) {
      assertThat(connection.closeIfStuck()).isFalse();

      SetManyResult result = send(connection, batchOfTwo());

      assertThat(result).isInstanceOf(SetManyResult.Broken.class);
      assertThat(((SetManyResult.Broken) result).cause())
          .hasMessageContaining("has answered nothing")
          .hasMessageContaining(node.address().toString());
    }
  }

  @Test
  void aBlockingCallThatIsNotAnsweredBreaksTheConnection() throws Exception {
    try (FakeNode node = new FakeNode(FakeNode::swallow);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {

      assertThatThrownBy(() -> connection.sendLoud(batchOfTwo(), Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer");
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void nothingIsWrittenOnceTheLeaseIsOver() throws Exception {
    AtomicLong received = new AtomicLong(-1);
    try (FakeNode node =
            new FakeNode(
                socket -> {
                  try {
                    received.set(socket.getInputStream().read());
                  } catch (IOException reset) {
                    received.set(-2);
                  }
                });
        NodeConnection connection =
            NodeConnection.open(
                node.address(),
                SETTINGS,
                () -> {
                  throw new IOException("the lease ran out");
                },
                BatchTimes.IGNORED)) {

      SetManyResult result = send(connection, batchOfTwo());

      assertThat(((SetManyResult.Broken) result).cause())
          .hasMessage("memcached " + node.address() + ": connection lost: the lease ran out");
      await().untilAsserted(() -> assertThat(received.get()).isLessThan(0));
    }
  }

  @Test
  void aClosedConnectionLeavesNoThreadBehind() throws Exception {
    try (FakeNode node = new FakeNode(FakeNode::swallow)) {
      NodeConnection connection = NodeConnection.open(node.address(), SETTINGS);
      String name = "memcached-" + node.address();
      assertThat(threadNames()).contains(name);

      connection.close();

      await().untilAsserted(() -> assertThat(threadNames()).doesNotContain(name));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  @Test
  void aNodeThatIsNotThereIsNamed() throws Exception {
    // Not a port that was free a moment ago: a connect to one of those can meet itself.
    NodeAddress nobody = new NodeAddress("127.0.0.1", 1);

    assertThatThrownBy(() -> NodeConnection.open(nobody, SETTINGS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("memcached " + nobody + ": cannot connect");
    assertThatThrownBy(
            () -> NodeConnection.open(new NodeAddress("no-such-host.invalid", 11211), SETTINGS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  @SuppressWarnings("try") // closing before the end is the point
  void aBatchInFlightCannotBeTouched() throws Exception {
    try (FakeNode node = new FakeNode(FakeNode::swallow);
        NodeConnection connection = NodeConnection.open(node.address(), SETTINGS)) {
      EntryBatch batch = batchOfTwo();
      connection.send(batch, (sent, result) -> {});

      assertThatThrownBy(batch::clear).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> connection.send(batch, (sent, result) -> {}))
          .isInstanceOf(IllegalStateException.class);

      connection.close();
      batch.clear();
      assertThat(batch.isEmpty()).isTrue();
    }
  }

  private static EntryBatch batchOfTwo() {
    EntryBatch batch = new EntryBatch("zone:", 0);
    batch.set("a".getBytes(UTF_8), "1".getBytes(UTF_8));
    batch.delete("b".getBytes(UTF_8));
    return batch;
  }

  private static SetManyResult send(NodeConnection connection, EntryBatch batch) throws Exception {
    CompletableFuture<SetManyResult> result = new CompletableFuture<>();
    connection.send(batch, (sent, outcome) -> result.complete(outcome));
    return result.get(5, TimeUnit.SECONDS);
  }
}
