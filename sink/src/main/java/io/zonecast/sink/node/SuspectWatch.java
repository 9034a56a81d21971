package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.ServerRefusedException;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which former writers a node still lists as connected ({@code stats conns}). If the node
 * does not list our own connection under the name that we know, since it refuses to list any or
 * something between translates addresses, former writers are waited for by time, and a second fill
 * repairs what came later.
 */
final class SuspectWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SuspectWatch.class);

  /** Where connections cannot be told apart, a suspect counts as gone after this time. */
  private static final long UNSEEN_NANOS = Duration.ofSeconds(4).toNanos();

  /** The list is asked for once in this time, however many lanes want to know. */
  private static final long ASK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

  private final NodeConnection connection;
  private final Timing timing;
  private final Map<String, Long> watchedSince = new HashMap<>();
  private Set<String> peers = Set.of();
  private long askedNanos;
  private boolean asked;
  private boolean refused;
  private boolean said;

  SuspectWatch(NodeConnection connection, Timing timing) {
    this.connection = connection;
    this.timing = timing;
  }

  /** Begins to count the time of suspects not watched yet. */
  void watch(List<Suspect> suspects) {
    suspects.forEach(suspect -> watchedSince.putIfAbsent(suspect.conn(), timing.nanoTime()));
  }

  /**
   * Those that may still have bytes under way. Our own connection never has: a node applies what
   * one connection sends in order, so all that it sent is applied before its next command.
   */
  List<Suspect> stillThere(List<Suspect> suspects) throws IOException {
    String own = connection.localAddress();
    List<Suspect> others = suspects.stream().filter(s -> !s.conn().equals(own)).toList();
    if (others.isEmpty()) {
      return others;
    }
    long now = timing.nanoTime();
    if (!refused && (!asked || now - askedNanos >= ASK_EVERY_NANOS)) {
      peers = ask();
      askedNanos = now;
      asked = true;
    }
    boolean seen = peers.contains(own);
    if (!seen && !said) {
      said = true;
      LOG.info(
          "node={} does not list us as {}: former writers are waited for by time",
          connection.address(),
          own);
    }
    return others.stream()
        .filter(suspect -> seen ? peers.contains(suspect.conn()) : isRecent(suspect, now))
        .toList();
  }

  private Set<String> ask() throws IOException {
    try {
      return connection.peers();
    } catch (ServerRefusedException e) {
      // Managed services allow no more than plain statistics.
      refused = true;
      LOG.debug("node={} lists no connections", connection.address(), e);
      return Set.of();
    }
  }

  private boolean isRecent(Suspect suspect, long now) {
    return now - watchedSince.getOrDefault(suspect.conn(), now) < UNSEEN_NANOS;
  }
}
