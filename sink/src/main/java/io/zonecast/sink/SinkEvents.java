package io.zonecast.sink;

import io.zonecast.sink.deadletter.DeadLetterListener;
import io.zonecast.sink.node.NodeEvents;
import io.zonecast.sink.poll.DelayListener;
import org.apache.kafka.clients.consumer.Consumer;

/** Hears what a sink does, for events and metrics. Called on the sink's threads: be quick. */
public interface SinkEvents extends NodeEvents, DelayListener, DeadLetterListener {

  @Override
  default void putAside(int partition, long records, long firstOffset, String reason) {}

  /**
   * A consumer was opened, and replaces the former one of its role. Listeners may read its metrics
   * and nothing else.
   */
  default void opened(ConsumerRole role, Consumer<?, ?> consumer) {}

  /** What a sink's consumers are for. */
  enum ConsumerRole {
    /** The group's member, which polls what is live. */
    MEMBER,
    /** Reads back what a node lacks. */
    REPLAY
  }
}
