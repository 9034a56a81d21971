package io.zonecast.app.settings;

import io.zonecast.schemas.ZoneTopic;
import picocli.CommandLine.Option;

/** What the topic is made with on first use, and held to ever after. */
public final class TopicOptions {
  private static final int MOST_PARTITIONS = 10_000;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "" + ZoneTopic.DEFAULT_PARTITIONS,
      description = "The topic's partitions, for ever (6).",
      order = 90)
  private int partitions = ZoneTopic.DEFAULT_PARTITIONS;

  public int partitions(Problems problems) {
    if (partitions < 1 || partitions > MOST_PARTITIONS) {
      problems.add(
          "--partitions %d: give a number from 1 to %d".formatted(partitions, MOST_PARTITIONS));
      return ZoneTopic.DEFAULT_PARTITIONS;
    }
    return partitions;
  }
}
