package io.zonecast.sink.simulation;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import java.util.Optional;

/** Names the change of a checkpoint from one state to another. */
final class Transitions {
  private Transitions() {}

  static String between(Optional<Checkpoint> before, Checkpoint after) {
    if (before.isEmpty()) {
      return "none > " + after.state();
    }
    Checkpoint was = before.get();
    if (was.state() != after.state()) {
      return was.state() + " > " + after.state();
    }
    return after.state() + ", " + change(was, after);
  }

  private static String change(Checkpoint was, Checkpoint is) {
    if (!was.conn().equals(is.conn())) {
      return is.conn().equals(Checkpoint.RELEASED)
          ? "released"
          : was.conn().equals(Checkpoint.RELEASED) ? "claimed" : "claimed from another";
    }
    if (is.nextOffset() != was.nextOffset()) {
      return is.nextOffset() > was.nextOffset() ? "moves on" : "lowered";
    }
    if (is.suspects().size() < was.suspects().size()) {
      return "clears suspects";
    }
    return is.state() == State.LIVE && is.timeMillis() > was.timeMillis() ? "refreshed" : "marked";
  }
}
