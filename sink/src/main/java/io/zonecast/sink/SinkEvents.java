package io.zonecast.sink;

import io.zonecast.sink.node.NodeEvents;
import io.zonecast.sink.poll.DelayListener;

/** Hears what a sink does, for events and metrics. Called on the sink's threads: be quick. */
public interface SinkEvents extends NodeEvents, DelayListener {}
