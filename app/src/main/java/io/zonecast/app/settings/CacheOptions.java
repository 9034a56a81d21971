package io.zonecast.app.settings;

import picocli.CommandLine.Option;

/**
 * The options that say how the entries lie in the cache. They are the same on every command that
 * reads or writes it, since a reader with other settings than the writer's finds nothing.
 */
public final class CacheOptions {
  private static final String DEFAULT_GROUP = "zones-sink";

  @Option(
      names = "--group",
      paramLabel = "NAME",
      defaultValue = DEFAULT_GROUP,
      description = "The sinks' consumer group (zones-sink).",
      order = 80)
  private String group = "";

  @Option(
      names = "--key-prefix",
      paramLabel = "TEXT",
      defaultValue = "zone:",
      description = "What stands before each key (zone:); Django's is :1:zone:.",
      order = 81)
  private String keyPrefix = "";

  @Option(
      names = "--value-format",
      paramLabel = "zone|json|avro",
      defaultValue = "zone",
      description = "What an entry holds (zone: the zone alone, as text).",
      order = 82)
  private String valueFormat = "";

  @Option(
      names = "--client-flags",
      paramLabel = "N",
      defaultValue = "0",
      description = "The entries' client flags (0).",
      order = 83)
  private String clientFlags = "";

  @Option(
      names = "--placement",
      paramLabel = "modulo|ketama|pymemcache",
      defaultValue = "modulo",
      description = "How your readers' client picks a node (modulo).",
      order = 84)
  private String placement = "";

  public String group() {
    return group;
  }

  /** Whether the group is the one that sinks have unless told otherwise. */
  public boolean groupIsDefault() {
    return group.equals(DEFAULT_GROUP);
  }

  public String keyPrefix() {
    return keyPrefix;
  }

  public String valueFormat() {
    return valueFormat;
  }

  public String clientFlags() {
    return clientFlags;
  }

  public String placement() {
    return placement;
  }
}
