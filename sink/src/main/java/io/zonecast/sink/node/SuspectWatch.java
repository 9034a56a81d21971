package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Suspect;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which former writers a node still lists as connected ({@code stats conns}). Where something
 * between us and the node translates addresses, our own connection is not listed under the name
 * that we know: then nobody's is, and time has to do, with a second fill to make up for it.
 */
final class SuspectWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SuspectWatch.class);

  /** Where connections cannot be told apart, a suspect counts as gone after this time. */
  private static final long UNSEEN_NANOS = Duration.ofSeconds(4).toNanos();

  /** The list is asked for once in this time, however many lanes want to know. */
  private static final long ASK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

  private final NodeConnection connection;
  private final Map<String, Long> watchedSince = new HashMap<>();
  private Set<String> peers = Set.of();
  private long askedNanos;
  private boolean asked;
  private boolean said;

  SuspectWatch(NodeConnection connection) {
    this.connection = connection;
  }

  /** Begins to count the time of suspects not watched yet. */
  void watch(List<Suspect> suspects) {
    suspects.forEach(suspect -> watchedSince.putIfAbsent(suspect.conn(), System.nanoTime()));
  }

  /** Those that may still have bytes under way. */
  List<Suspect> stillThere(List<Suspect> suspects) throws IOException {
    if (suspects.isEmpty()) {
      return suspects;
    }
    long now = System.nanoTime();
    if (!asked || now - askedNanos >= ASK_EVERY_NANOS) {
      peers = connection.peers();
      askedNanos = now;
      asked = true;
    }
    boolean seen = peers.contains(connection.localAddress());
    if (!seen && !said) {
      said = true;
      LOG.info(
          "node={} does not list us as {}: former writers are waited for by time",
          connection.address(),
          connection.localAddress());
    }
    return suspects.stream()
        .filter(suspect -> seen ? peers.contains(suspect.conn()) : isRecent(suspect, now))
        .toList();
  }

  private boolean isRecent(Suspect suspect, long now) {
    return now - watchedSince.getOrDefault(suspect.conn(), now) < UNSEEN_NANOS;
  }
}
