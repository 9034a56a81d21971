package io.zonecast.app.settings;

import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.entry.ValueFormat;
import java.util.Optional;
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
      description = "Before each key (zone:); Django: :1:zone:",
      order = 81)
  private String keyPrefix = "";

  @Option(
      names = "--value-format",
      paramLabel = "FORMAT",
      defaultValue = "zone",
      description = "Of an entry: zone, json or avro (zone).",
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
      paramLabel = "SCHEME",
      defaultValue = "modulo",
      description = "modulo, ketama or pymemcache (modulo).",
      order = 84)
  private String placement = "";

  /**
   * Reads these options, together with {@code --memcached}; notes what is wrong with them. With any
   * problem the answer is not to be used: {@link Problems#throwIfAny} comes first.
   */
  public CacheSettings read(CommonOptions common, Problems problems) {
    if (!group.matches("\\S{1,249}")) {
      problems.add("--group \"%s\": give a name without spaces".formatted(group));
    }
    PlacementScheme scheme =
        problems.attempt(() -> PlacementScheme.parse(placement), PlacementScheme.MODULO);
    ValueFormat format = problems.attempt(() -> ValueFormat.parse(valueFormat), ValueFormat.ZONE);
    CacheSettings settings =
        new CacheSettings(
            group,
            new CacheLayout(common.nodes(problems), scheme, keyPrefix, format, flags(problems)));
    // The rule for prefixes is with the checkpoints that name them.
    problems.attempt(() -> Optional.of(settings.writtenWith()), Optional.empty());
    return settings;
  }

  private long flags(Problems problems) {
    try {
      return Integer.toUnsignedLong(Integer.parseUnsignedInt(clientFlags));
    } catch (NumberFormatException e) {
      problems.add(
          "--client-flags \"%s\": give a number from 0 to 4294967295".formatted(clientFlags));
      return 0;
    }
  }

  public String group() {
    return group;
  }

  /** Whether the group is the one that sinks have unless told otherwise. */
  public boolean groupIsDefault() {
    return group.equals(DEFAULT_GROUP);
  }
}
