package io.zonecast.schemas;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topic that holds the zone table, and those beside it, for records that can never be applied,
 * for updates, for updates that were rejected and for the log of publishes: their names, their
 * settings, and the check at every start.
 *
 * <p>A topic is made on first use and never altered: a setting that does not fit is refused with
 * its remedy. All methods block for as long as the {@link Admin}'s own timeout lets them, and throw
 * its {@link org.apache.kafka.common.KafkaException}s unwrapped where the brokers cannot be asked.
 */
public final class ZoneTopic {
  /** The name unless told otherwise. */
  public static final String DEFAULT_NAME = "zones";

  /**
   * The partitions unless told otherwise. Fixed for ever: a key's partition depends on their
   * number, so that partitions added later would split a key's history.
   */
  public static final int DEFAULT_PARTITIONS = 6;

  private static final String DEAD_LETTERS_SUFFIX = ".dead-letters";
  private static final String PUBLISHES_SUFFIX = ".publishes";
  private static final String UPDATES_SUFFIX = "-updates";
  private static final String REJECTED_SUFFIX = ".rejected";

  /** One partition: dead letters are few, and are read by people, in order. */
  private static final int DEAD_LETTERS_PARTITIONS = 1;

  private static final int REJECTED_PARTITIONS = 1;

  /** One partition: the records of a publish lie in their order, behind those of earlier ones. */
  private static final int PUBLISHES_PARTITIONS = 1;

  /**
   * Exactly {@code compact}: with {@code delete} beside it, the broker would drop rows by age, and
   * caches would keep them.
   */
  private static final String COMPACT = TopicConfig.CLEANUP_POLICY_COMPACT;

  /** The broker's clock: lag in seconds and the age of a checkpoint are counted by one clock. */
  private static final String LOG_APPEND_TIME = "LogAppendTime";

  /**
   * Compact once a tenth of the log is superseded, where the broker's default is half: a replay
   * reads fewer records that no longer matter, for a little more of the cleaner's work.
   */
  private static final String MIN_CLEANABLE_DIRTY_RATIO = "0.1";

  /**
   * A superseded row is compacted away after an hour, however small the share of such rows; as long
   * as records come at all, since an idle partition's last segment is never compacted.
   */
  private static final String MAX_COMPACTION_LAG_MS = "3600000";

  /**
   * Tombstones live for a week, where the broker's default is a day: a node that was away for less
   * is told of every delete, and needs no fill from the beginning.
   */
  private static final String DELETE_RETENTION_MS = "604800000";

  /** An update that was applied is in the table: it is kept for those who ask what happened. */
  private static final String DELETE = TopicConfig.CLEANUP_POLICY_DELETE;

  private static final String WEEK_MS = "604800000";

  /** Longer than the updates themselves: people need time to look at them. */
  private static final String FOUR_WEEKS_MS = "2419200000";

  /** 400 days: last year's edition can still be looked up. */
  private static final String PUBLISHES_RETENTION_MS = "34560000000";

  private ZoneTopic() {}

  /** As {@link #ensure(Admin, String, int, NewTopicRule)}, by {@link NewTopicRule#ANY}. */
  public static TopicInfo ensure(Admin admin, String name, int partitions) {
    return ensure(admin, name, partitions, NewTopicRule.ANY);
  }

  /**
   * Makes the topic if it does not exist, and checks it either way.
   *
   * @param rule asked before the topic is made
   * @throws TopicUnfitException if it is not what it must be, or cannot be made, or would be the
   *     second table with one topic of updates
   */
  public static TopicInfo ensure(Admin admin, String name, int partitions, NewTopicRule rule) {
    TopicAdmin topics = new TopicAdmin(admin);
    return find(admin, name, partitions, rule)
        .orElseGet(
            () -> {
              requireNoTwin(topics, name);
              return topics.make(zones(name, partitions));
            });
  }

  /** Tables {@code zone} and {@code zones} would take each other's updates. */
  private static void requireNoTwin(TopicAdmin topics, String name) {
    String twin = name.endsWith("s") ? name.substring(0, name.length() - 1) : name + "s";
    if (updatesOf(twin).equals(updatesOf(name))
        && topics
            .setting(twin, TopicConfig.CLEANUP_POLICY_CONFIG)
            .filter(COMPACT::equals)
            .isPresent()) {
      throw new TopicUnfitException(
          ("topic %s: topic %s is a table too, and both have their updates in topic %s; give"
                  + " one of them another name, or delete the one that is not needed")
              .formatted(name, twin, updatesOf(name)));
    }
  }

  /** The brokers' own topics, and a registry's, begin with an underscore. */
  private static boolean mayBeATable(String name) {
    return !name.startsWith("_")
        && Stream.of(DEAD_LETTERS_SUFFIX, PUBLISHES_SUFFIX, UPDATES_SUFFIX, REJECTED_SUFFIX)
            .noneMatch(name::endsWith);
  }

  /**
   * Checks the topic and never makes it; empty if it does not exist.
   *
   * @throws TopicUnfitException if it is not what it must be
   */
  public static Optional<TopicInfo> find(Admin admin, String name, int partitions) {
    return find(admin, name, partitions, NewTopicRule.ANY);
  }

  /** The same; if the topic does not exist, {@code rule} is asked as if it were to be made. */
  public static Optional<TopicInfo> find(
      Admin admin, String name, int partitions, NewTopicRule rule) {
    TopicAdmin topics = new TopicAdmin(admin);
    Optional<TopicInfo> found = topics.find(zones(name, partitions));
    if (found.isEmpty() && rule != NewTopicRule.ANY) {
      rule.creating(name, partitions, topics.names(ZoneTopic::mayBeATable));
    }
    return found;
  }

  /**
   * Checks the topic, which must exist, and never makes it.
   *
   * @throws TopicUnfitException if it does not exist, or is not what it must be
   */
  public static TopicInfo check(Admin admin, String name, int partitions) {
    return find(admin, name, partitions)
        .orElseThrow(
            () ->
                new TopicUnfitException(
                    ("topic %s does not exist; the first publish or sink makes it: check"
                            + " --topic and --bootstrap-servers")
                        .formatted(name)));
  }

  /** Asks for how long the topic keeps tombstones now ({@code delete.retention.ms}). */
  public static Duration deleteRetention(Admin admin, String name) {
    return new TopicAdmin(admin).deleteRetention(name);
  }

  /** Returns the name of the topic for records of {@code zones} that can never be applied. */
  public static String deadLettersOf(String zones) {
    return zones + DEAD_LETTERS_SUFFIX;
  }

  /**
   * Makes the dead-letter topic of {@code zones} if it does not exist, and checks it either way. It
   * is compacted, so that a record that is refused again replaces its own letter.
   *
   * @throws TopicUnfitException if it is not what it must be, or cannot be made
   */
  public static TopicInfo ensureDeadLetters(Admin admin, String zones) {
    return new TopicAdmin(admin).ensure(deadLetters(zones));
  }

  /**
   * Returns the name of the topic for updates of the table {@code zones}: the table's in the
   * singular, as {@code zone-updates}.
   */
  public static String updatesOf(String zones) {
    return (zones.endsWith("s") ? zones.substring(0, zones.length() - 1) : zones) + UPDATES_SUFFIX;
  }

  /** Returns the name of the topic for updates of {@code zones} that were rejected. */
  public static String rejectedOf(String zones) {
    return updatesOf(zones) + REJECTED_SUFFIX;
  }

  /**
   * Makes the topic for updates of {@code zones} if it does not exist, and checks it either way.
   *
   * @param partitions as many as {@code zones} has: a key lies on the same partition of both
   * @throws TopicUnfitException if it is not what it must be, or cannot be made, or another table
   *     has its updates there
   */
  public static TopicInfo ensureUpdates(Admin admin, String zones, int partitions) {
    TopicAdmin topics = new TopicAdmin(admin);
    requireNoTwin(topics, zones);
    return topics.ensure(updates(zones, partitions));
  }

  /**
   * Names the setting that the topic of updates of {@code zones} lacks, with the command that
   * alters it. Earlier versions created it with the sender's times ({@code CreateTime}). Empty if
   * it lacks nothing, or does not exist.
   */
  public static Optional<String> adviceOnUpdates(Admin admin, String zones) {
    TopicSettings settings = updates(zones, DEFAULT_PARTITIONS);
    String setting = TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
    return new TopicAdmin(admin)
        .setting(settings.name(), setting)
        .filter(found -> !found.equals(LOG_APPEND_TIME))
        .map(
            found ->
                ("%s is \"%s\", so that a sender whose clock is wrong decides whether its"
                        + " update came before or after a publish; alter it: %s")
                    .formatted(setting, found, settings.alterCommand(setting, LOG_APPEND_TIME)));
  }

  /**
   * Makes the topic for rejected updates of {@code zones} if it does not exist, and checks it
   * either way.
   *
   * @throws TopicUnfitException if it is not what it must be, or cannot be made
   */
  public static TopicInfo ensureRejected(Admin admin, String zones) {
    return new TopicAdmin(admin).ensure(rejected(zones));
  }

  /** Returns the name of the log of what was published to {@code zones}. */
  public static String publishesOf(String zones) {
    return zones + PUBLISHES_SUFFIX;
  }

  /**
   * Makes the log of publishes of {@code zones} if it does not exist, and checks it either way, and
   * that this user may write to it.
   *
   * @throws TopicUnfitException if it is not what it must be, or cannot be made
   * @throws org.apache.kafka.common.errors.TopicAuthorizationException if this user may not write
   */
  public static TopicInfo ensurePublishes(Admin admin, String zones) {
    TopicAdmin topics = new TopicAdmin(admin);
    TopicInfo log = topics.ensure(publishes(zones));
    topics.requireWrite(log.name());
    return log;
  }

  /** Checks the log of publishes of {@code zones}; empty if nothing was ever logged. */
  public static Optional<TopicInfo> findPublishes(Admin admin, String zones) {
    return new TopicAdmin(admin).find(publishes(zones));
  }

  static TopicSettings zones(String name, int partitions) {
    return new TopicSettings(
        name,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, COMPACT,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME),
        Map.of(
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, MIN_CLEANABLE_DIRTY_RATIO,
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, MAX_COMPACTION_LAG_MS,
            TopicConfig.DELETE_RETENTION_MS_CONFIG, DELETE_RETENTION_MS));
  }

  static TopicSettings deadLetters(String zones) {
    return new TopicSettings(
        deadLettersOf(zones),
        DEAD_LETTERS_PARTITIONS,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, COMPACT),
        Map.of());
  }

  static TopicSettings updates(String zones, int partitions) {
    return new TopicSettings(
        updatesOf(zones),
        partitions,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, DELETE),
        // The broker's clock tells whether an update came before a publish or after it.
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG, WEEK_MS,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME));
  }

  static TopicSettings rejected(String zones) {
    return new TopicSettings(
        rejectedOf(zones),
        REJECTED_PARTITIONS,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, DELETE),
        Map.of(TopicConfig.RETENTION_MS_CONFIG, FOUR_WEEKS_MS));
  }

  static TopicSettings publishes(String zones) {
    return new TopicSettings(
        publishesOf(zones),
        PUBLISHES_PARTITIONS,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, DELETE),
        // The broker's clock decides what is old, whatever a publisher's says.
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG, PUBLISHES_RETENTION_MS,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME));
  }
}
