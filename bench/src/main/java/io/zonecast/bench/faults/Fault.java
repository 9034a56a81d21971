package io.zonecast.bench.faults;

import java.util.Arrays;
import java.util.Random;

/** A kind of fault. Each is drawn in proportion to its weight. */
enum Fault {
  FLUSH("node flushed", 5, Target.NODE),
  RESTART_NODE("node killed, empty again", 5, Target.NODE),
  FREEZE_NODE("node stopped, up to 9 s", 4, Target.NODE),
  CUT_CONNECTIONS("connections of a node cut", 4, Target.LINK),
  CUT_OFF_NODE("node cut off, up to 9 s", 4, Target.LINK),
  KILL_SINK("sink killed, another started", 3, Target.SINK),
  FREEZE_SINK("sink stopped past its session", 2, Target.SINK),
  STOP_REGISTRY("registry stopped, up to 9 s", 3, Target.REGISTRY),
  FREEZE_REGISTRY("registry silent, up to 9 s", 3, Target.REGISTRY),
  RESTART_REGISTRY("registry killed, another started", 1, Target.REGISTRY),
  RESTART_BROKER("broker killed and restarted", 1, Target.BROKER);

  private final String label;
  private final int weight;
  private final Target target;

  /** Where the fault happens; a link is the way to a node that has one. */
  enum Target {
    NODE,
    LINK,
    SINK,
    REGISTRY,
    BROKER
  }

  Fault(String label, int weight, Target target) {
    this.label = label;
    this.weight = weight;
    this.target = target;
  }

  String label() {
    return label;
  }

  Target target() {
    return target;
  }

  static Fault any(Random random) {
    int drawn = random.nextInt(Arrays.stream(values()).mapToInt(fault -> fault.weight).sum());
    for (Fault fault : values()) {
      drawn -= fault.weight;
      if (drawn < 0) {
        return fault;
      }
    }
    throw new AssertionError("a number below the sum of the weights is within one of them");
  }
}
