package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.owner.NotOurNodeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Finds a server that is in the pool under two names: what is written through one can be read
 * through the other. For the keeper's thread.
 */
final class DuplicateNodeCheck {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final int TOKEN_SECONDS = 60;

  private final NodeContext context;
  private final NodeAddress node;
  private final List<NodeAddress> others;
  private final Map<NodeAddress, String> tokens;
  private boolean known;
  private boolean knownBefore;

  DuplicateNodeCheck(NodeContext context, NodeAddress node) {
    this.context = context;
    this.node = node;
    this.others = context.pool().nodes().stream().filter(other -> !other.equals(node)).toList();
    this.tokens = context.tokens();
  }

  /** A new connection: the address may lead to another server now. */
  void connected() {
    known = false;
    tokens.remove(node);
  }

  /**
   * Looks once a connection.
   *
   * @throws NotOurNodeException if the server has two names, at the first connection to the node
   * @throws IOException if so, later: an address that was given to another server for now ends no
   *     sink
   */
  void require(NodeConnection connection) throws IOException {
    if (known || others.isEmpty()) {
      return;
    }
    String token = UUID.randomUUID().toString();
    var batch = new EntryBatch("", 0);
    batch.setFor(key(node).getBytes(UTF_8), token.getBytes(UTF_8), TOKEN_SECONDS);
    connection.sendLoud(batch, ANSWER_TIMEOUT);
    tokens.put(node, token);
    var read = connection.readPresent(others.stream().map(this::key).toList());
    for (NodeAddress other : others) {
      VersionedEntry.Present found = read.get(key(other));
      if (found != null && found.text().equals(tokens.get(other))) {
        String twins =
            "--memcached: %s and %s are one server under two names; name it once"
                .formatted(other, node);
        if (knownBefore) {
          throw new IOException(twins);
        }
        throw new NotOurNodeException(twins);
      }
    }
    known = true;
    knownBefore = true;
  }

  private String key(NodeAddress address) {
    return CheckpointKey.ofHere(context.group(), context.topic().name(), address.toString());
  }
}
