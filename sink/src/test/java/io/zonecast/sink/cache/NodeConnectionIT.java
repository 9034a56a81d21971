package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection to a real memcached. */
class NodeConnectionIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static MemcachedNode memcached;

  private NodeConnection connection;

  @BeforeAll
  static void startMemcached() {
    memcached = Servers.shared().memcached("-m", "64");
  }

  @AfterAll
  static void stopMemcached() {
    memcached.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = NodeConnection.open(address(memcached), ConnectionSettings.DEFAULT);
    connection.flushAll();
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void setsAndDeletesAreAppliedInTheirOrder() throws Exception {
    EntryBatch batch = new EntryBatch("zone:", 0);
    batch.set(bytes("a"), bytes("1"));
    batch.set(bytes("b"), bytes("2"));
    batch.delete(bytes("b"));
    batch.delete(bytes("never-there"));
    batch.set(bytes("a"), bytes("3"));

    SetManyResult result = send(connection, batch);

    assertThat(result).isEqualTo(new SetManyResult.Stored(5));
    assertThat(values("zone:", "a", "b")).containsExactly(Map.entry("a", "3"));
  }

  @Test
  void clientFlagsAreStoredBesideTheValue() throws Exception {
    EntryBatch batch = new EntryBatch("zone:", 16);
    batch.set(bytes("a"), bytes("1"));
    send(connection, batch);

    MultiGetKeys keys = new MultiGetKeys("zone:");
    keys.add(bytes("a"), 0, 1);
    CompletableFuture<Long> flags = new CompletableFuture<>();
    connection
        .getMany(keys, (i, f, cas, value, length) -> flags.complete(f))
        .get(5, TimeUnit.SECONDS);

    assertThat(flags).isCompletedWithValue(16L);
  }

  @Test
  void anEntryTooLargeIsRefusedAndTheOthersAreStored() throws Exception {
    EntryBatch batch = new EntryBatch("", 0);
    batch.set(bytes("a"), bytes("1"));
    batch.set(bytes("huge"), new byte[2_000_000]);
    batch.set(bytes("b"), bytes("2"));

    SetManyResult result = send(connection, batch);
    List<EntryFailure> blame = connection.sendLoud(batch, TIMEOUT);

    String line = "SERVER_ERROR object too large for cache";
    assertThat(result).isEqualTo(new SetManyResult.PartlyFailed(1, List.of(line)));
    assertThat(blame).containsExactly(new EntryFailure(1, "huge", line));
    assertThat(values("", "a", "b", "huge")).containsOnlyKeys("a", "b");
  }

  @Test
  void aDeleteOfAnEntryThatChangedIsRefused() throws Exception {
    long old = done(connection.add("k", bytes("1")));
    long current = done(connection.replace("k", old, bytes("2")));
    EntryBatch batch = new EntryBatch("", 0);
    batch.deleteIfUnchanged(bytes("k"), 0, 1, old);

    List<EntryFailure> blame = connection.sendLoud(batch, TIMEOUT);

    assertThat(blame).containsExactly(new EntryFailure(0, "k", "EX"));
    assertThat(connection.delete("k", current)).isEqualTo(new CasResult.Done(0));
  }

  @Test
  void entriesAreReadWithTheirCas() throws Exception {
    long cas = done(connection.add("cp", bytes("LIVE 7")));

    List<VersionedEntry> entries = connection.readEntries(List.of("none", "cp"));

    assertThat(entries)
        .containsExactly(
            new VersionedEntry.Absent("none"), new VersionedEntry.Present("cp", "LIVE 7", cas));
  }

  @Test
  void aConditionalWriteIsRefusedWhenTheEntryIsNotTheOneExpected() throws Exception {
    long cas = done(connection.add("cp", bytes("1")));

    assertThat(connection.add("cp", bytes("2")))
        .isEqualTo(new CasResult.Refused(CasResult.Refusal.NS));
    assertThat(connection.replace("cp", cas + 1, bytes("2")))
        .isEqualTo(new CasResult.Refused(CasResult.Refusal.EX));
    assertThat(connection.replace("gone", cas, bytes("2")))
        .isEqualTo(new CasResult.Refused(CasResult.Refusal.NF));
    assertThat(connection.delete("cp", cas + 1))
        .isEqualTo(new CasResult.Refused(CasResult.Refusal.EX));
  }

  @Test
  void aCheckpointTooLargeIsAnErrorThatLeavesTheConnectionOpen() {
    assertThatThrownBy(() -> connection.add("cp", new byte[2_000_000]))
        .isInstanceOf(ServerRefusedException.class)
        .hasMessageContaining("object too large");
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void aNodeWithoutCasIsRefusedWithTheRemedy() throws Exception {
    try (MemcachedNode without = Servers.shared().memcached("-C");
        NodeConnection connected =
            NodeConnection.open(address(without), ConnectionSettings.DEFAULT)) {
      assertThatThrownBy(() -> connected.add("cp", bytes("1")))
          .isInstanceOf(CasDisabledException.class)
          .hasMessageContaining("start it without -C");
      assertThatThrownBy(() -> connected.readEntries(List.of("cp")))
          .isInstanceOf(CasDisabledException.class);
    }
  }

  @Test
  void theNodeListsTheEndsOfItsConnections() throws Exception {
    // Between us and the node is a link, which the node sees instead of us.
    int before = connection.peers().size();

    try (NodeConnection other =
        NodeConnection.open(address(memcached), ConnectionSettings.DEFAULT)) {
      assertThat(other.peers()).hasSize(before + 1).allMatch(peer -> peer.startsWith("127.0.0.1:"));
    }

    await().untilAsserted(() -> assertThat(connection.peers()).hasSize(before));
  }

  @Test
  void aHungNodeBreaksTheConnectionOnceTheAckTimeoutIsOver() throws Exception {
    try (MemcachedNode hung = Servers.shared().memcached();
        NodeConnection connected =
            NodeConnection.open(
                address(hung), ConnectionSettings.DEFAULT.withAckTimeout(Duration.ofMillis(300)))) {
      hung.pause();
      EntryBatch batch = new EntryBatch("", 0);
      batch.set(bytes("a"), bytes("1"));

      SetManyResult result = send(connected, batch);

      assertThat(result).isInstanceOf(SetManyResult.Broken.class);
      assertThat(connected.isOpen()).isFalse();
      assertThat(connected.awaitRoom(0, TIMEOUT)).isTrue();
    }
  }

  private static NodeAddress address(MemcachedNode node) {
    return NodeAddress.parse(node.address());
  }

  private Map<String, String> values(String prefix, String... keys) throws Exception {
    MultiGetKeys batch = new MultiGetKeys(prefix);
    for (String key : keys) {
      batch.add(bytes(key), 0, key.length());
    }
    Map<String, String> found = new TreeMap<>();
    connection
        .getMany(
            batch,
            (i, flags, cas, value, length) ->
                found.put(keys[i], new String(value, 0, length, UTF_8)))
        .get(5, TimeUnit.SECONDS);
    return found;
  }

  private static SetManyResult send(NodeConnection connection, EntryBatch batch) throws Exception {
    CompletableFuture<SetManyResult> result = new CompletableFuture<>();
    connection.send(batch, (sent, outcome) -> result.complete(outcome));
    return result.get(5, TimeUnit.SECONDS);
  }

  private static long done(CasResult result) {
    assertThat(result).isInstanceOf(CasResult.Done.class);
    return ((CasResult.Done) result).newCas();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
