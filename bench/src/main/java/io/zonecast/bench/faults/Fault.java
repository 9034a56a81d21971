package io.zonecast.bench.faults;

import java.util.Random;

/** What goes wrong, each as often as its weight says. */
enum Fault {
  FLUSH("node flushed", 5),
  RESTART_NODE("node killed, empty again", 5),
  FREEZE_NODE("node stopped, up to 9 s", 4),
  CUT_CONNECTIONS("connections of a node cut", 4),
  CUT_OFF_NODE("node cut off, up to 9 s", 4),
  KILL_SINK("sink killed, another started", 3),
  FREEZE_SINK("sink stopped past its session", 2),
  STOP_REGISTRY("registry stopped, up to 9 s", 3),
  FREEZE_REGISTRY("registry silent, up to 9 s", 3),
  RESTART_REGISTRY("registry killed, another started", 1),
  RESTART_BROKER("broker killed and restarted", 1);

  private final String label;
  private final int weight;

  Fault(String label, int weight) {
    this.label = label;
    this.weight = weight;
  }

  String label() {
    return label;
  }

  /** Whether it is one of the way to a node, and not of the node. */
  boolean needsLink() {
    return this == CUT_CONNECTIONS || this == CUT_OFF_NODE;
  }

  boolean befallsTheRegistry() {
    return this == STOP_REGISTRY || this == FREEZE_REGISTRY || this == RESTART_REGISTRY;
  }

  boolean befallsASink() {
    return this == KILL_SINK || this == FREEZE_SINK;
  }

  static Fault any(Random random) {
    int total = 0;
    for (Fault fault : values()) {
      total += fault.weight;
    }
    int drawn = random.nextInt(total);
    for (Fault fault : values()) {
      drawn -= fault.weight;
      if (drawn < 0) {
        return fault;
      }
    }
    throw new AssertionError("a number below the sum of the weights is within one of them");
  }
}
