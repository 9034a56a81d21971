package io.zonecast.schemas;

import java.util.Set;

/** Hears of a table's topic that does not exist, before it is created. */
@FunctionalInterface
public interface NewTopicRule {
  /** Any topic may be created, and nobody is told. */
  NewTopicRule ANY = (name, partitions, others) -> {};

  /**
   * Announces the topic, or refuses it by an exception.
   *
   * @param others the topics that the brokers show to this user, without their internal ones and
   *     without those that belong to a table
   */
  void creating(String name, int partitions, Set<String> others);
}
