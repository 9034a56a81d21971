package io.zonecast.app.command;

import io.zonecast.app.logging.Logs;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.StreamGroupOption;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.app.terminal.Version;
import io.zonecast.app.trust.ListenerProbe;
import io.zonecast.ingest.stream.StreamMonitor;
import io.zonecast.ingest.stream.StreamSettings;
import io.zonecast.ingest.stream.UpdateStream;
import io.zonecast.monitor.ListenAddress;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Takes updates and writes what changes to the topic, until it is stopped.",
    footer = {
      "",
      "Example:  zonecast stream --bootstrap-servers broker1:9092",
      "Kafka Streams: several share the partitions; kafka.streams.… in --config."
    })
public final class StreamCommand implements Callable<Integer> {
  private static final int LEAST_TABLE_MEGABYTES = 16;
  private static final int MOST_TABLE_MEGABYTES = 1 << 16;

  /** Settings that cannot be changed, and what to use instead. */
  private static final Map<String, String> FIXED =
      Map.of(
          "application.id",
          "it is --stream-group",
          "processing.guarantee",
          "each update is applied exactly once",
          "group.protocol",
          "the newer one's shortest session is 45 s",
          "group.instance.id",
          "it is --instance");

  private final Shutdown shutdown;

  @Option(
      names = "--reject-stale",
      description = "Reject an update asked for before one that was accepted.",
      order = 1)
  private boolean rejectStale;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description = "This member's, the same after a restart (kept in kafka.streams.state.dir).",
      order = 2)
  private @Nullable String instance;

  @Option(
      names = "--http",
      paramLabel = "H:P",
      defaultValue = "127.0.0.1:8081",
      description = "Where to show /metrics, /livez and /readyz, or none.",
      order = 3)
  private String http = "";

  @Option(
      names = "--table-memory",
      paramLabel = "MB",
      defaultValue = "64",
      description = "Memory for the copies of the table on disk (64).",
      order = 70)
  private int tableMegabytes;

  @Mixin private final TopicOptions topic = new TopicOptions();

  @Mixin private final NewTopicOption newTopic = new NewTopicOption();

  @Mixin private final StreamGroupOption group = new StreamGroupOption();

  @Mixin private final CommonOptions common;

  public StreamCommand(CommonOptions common, Shutdown shutdown) {
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    Optional<ListenAddress> shown = HttpOption.check(http, problems);
    StreamSettings settings = settings(problems);
    problems.throwIfAny();

    ListenerProbe.requireMatch(common.kafka(), common.fileName());
    Logs.ofService();
    try (UpdateStream stream = new UpdateStream(settings)) {
      if (shown.isEmpty()) {
        return run(stream);
      }
      try (StreamMonitor monitor = new StreamMonitor(shown.get(), stream, Version.number())) {
        HttpOption.listen(monitor::start);
        return run(stream);
      }
    }
  }

  private int run(UpdateStream stream) throws InterruptedException {
    shutdown.onSignal(stream::close);
    stream.run();
    return ExitCode.DONE;
  }

  private StreamSettings settings(Problems problems) {
    if (tableMegabytes < LEAST_TABLE_MEGABYTES || tableMegabytes > MOST_TABLE_MEGABYTES) {
      problems.add(
          "--table-memory %d: give megabytes, %d to %d"
              .formatted(tableMegabytes, LEAST_TABLE_MEGABYTES, MOST_TABLE_MEGABYTES));
    }
    if (instance != null && !instance.matches("[A-Za-z0-9._-]{1,200}")) {
      problems.add(
          "--instance \"%s\": use 1 to 200 letters, digits, dots, underscores and hyphens"
              .formatted(instance));
    }
    KafkaSettings kafka = common.kafka();
    FIXED.forEach(
        (key, why) -> {
          if (kafka.streams().containsKey(key)) {
            problems.add(
                "%s: kafka.streams.%s: leave it out; %s".formatted(common.fileName(), key, why));
          }
        });
    return new StreamSettings(
        new StreamSettings.Kafka(
            kafka.admin(), kafka.consumer(), kafka.producer(), kafka.streams()),
        common.topic(),
        topic.partitions(problems),
        group.read(common, problems),
        Optional.ofNullable(instance),
        rejectStale,
        (long) tableMegabytes << 20,
        newTopic.rule(LoggerFactory.getLogger(UpdateStream.class)::info));
  }
}
