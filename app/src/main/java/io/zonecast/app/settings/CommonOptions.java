package io.zonecast.app.settings;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.NodeAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has which speaks to Kafka or to the cache. */
public final class CommonOptions {
  private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  private static final int LONGEST_TOPIC = 249;

  private final SettingSources sources;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "H:P,…",
      defaultValue = "localhost:9092",
      description = "Kafka's brokers (localhost:9092).",
      order = 100)
  private String bootstrapServers = "";

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = "zones",
      description = "The topic that holds the table (zones).",
      order = 101)
  private String topic = "";

  @Option(
      names = "--schema-registry-url",
      paramLabel = "URL",
      description = "The schema registry (none).",
      order = 102)
  private @Nullable String schemaRegistryUrl;

  @Option(
      names = "--memcached",
      paramLabel = "H:P,…",
      defaultValue = "localhost:11211",
      description = "The cache's nodes (localhost:11211).",
      order = 103)
  private String memcached = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Java properties; see zonecast --help.",
      order = 104)
  @SuppressWarnings("UnusedVariable") // SettingSources reads it, before picocli parses
  private @Nullable String config;

  public CommonOptions(SettingSources sources) {
    this.sources = sources;
  }

  /** Notes what is wrong with the settings file and with these options. */
  public void check(Problems problems) {
    problems.addAll(sources.problems());
    Map<String, String> kafka = sources.kafka();
    for (String key : kafka.keySet()) {
      // One kind of client at another cluster: what one wrote, the other would not find.
      if (key.equals(BOOTSTRAP_SERVERS) || key.endsWith("." + BOOTSTRAP_SERVERS)) {
        problems.add(
            "%s: kafka.%s is an option of its own, of all clients; use the key %s instead"
                .formatted(sources.fileName(), key, BOOTSTRAP_SERVERS.replace('.', '-')));
      }
    }
    if (!kafka.isEmpty() || schemaRegistryUrl != null) {
      KafkaSettingsCheck.problems(kafka(), sources.fileName()).forEach(problems::add);
    }
    if (!topic.matches("[A-Za-z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
      problems.add(
          ("--topic \"%s\": no name of a Kafka topic; use 1 to 249 letters, digits, dots,"
                  + " underscores and hyphens")
              .formatted(topic));
    } else {
      checkLength(problems);
    }
  }

  /** Other topics are named after it. */
  private void checkLength(Problems problems) {
    String longest =
        Stream.of(ZoneTopic.deadLettersOf(topic), ZoneTopic.rejectedOf(topic))
            .max(Comparator.comparing(String::length))
            .orElseThrow();
    if (longest.length() > LONGEST_TOPIC) {
      problems.add(
          ("--topic \"%s\": %d characters leave no room for %s, which Kafka takes up to %d; use %d"
                  + " at most")
              .formatted(
                  topic,
                  topic.length(),
                  longest,
                  LONGEST_TOPIC,
                  LONGEST_TOPIC - (longest.length() - topic.length())));
    }
  }

  public KafkaSettings kafka() {
    Map<String, String> passedOn = new TreeMap<>(sources.kafka());
    if (schemaRegistryUrl != null) {
      passedOn.put("schema.registry.url", schemaRegistryUrl);
    }
    return new KafkaSettings(bootstrapServers, passedOn);
  }

  /** The file of {@code --config}, for messages; empty without one. */
  public String fileName() {
    return sources.fileName();
  }

  public String topic() {
    return topic;
  }

  /** The nodes of {@code --memcached}, in its order; empty if it cannot be read. */
  public List<NodeAddress> nodes(Problems problems) {
    try {
      return NodeAddress.parseList(memcached);
    } catch (IllegalArgumentException e) {
      problems.add("--memcached: " + e.getMessage());
      return List.of();
    }
  }
}
