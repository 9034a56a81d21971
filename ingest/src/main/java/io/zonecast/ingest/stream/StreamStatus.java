package io.zonecast.ingest.stream;

import io.zonecast.monitor.Contact;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * How a stream of updates stands.
 *
 * @param state in Streams' own word: {@code RUNNING}, {@code REBALANCING} (which is also said of
 *     restoring), {@code ERROR}; {@code WAITING} before it has been started
 * @param ready whether updates are being taken
 * @param alive whether it goes on by itself, sooner or later
 */
public record StreamStatus(String state, boolean ready, boolean alive) {
  /** Streams itself says {@code RUNNING} without brokers too. */
  static StreamStatus of(State state, Contact kafka) {
    return new StreamStatus(
        state.name(),
        state == State.RUNNING && !kafka.isLost(),
        state.isRunningOrRebalancing() || state == State.CREATED);
  }
}
