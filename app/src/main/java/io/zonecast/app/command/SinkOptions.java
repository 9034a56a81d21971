package io.zonecast.app.command;

import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.settings.TopicOptions;
import io.zonecast.schemas.NewTopicRule;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.sink.Sink;
import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.SinkSettings;
import io.zonecast.sink.Verification;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.replay.Fold;
import io.zonecast.sink.timing.Timing;
import io.zonecast.sink.verify.VerifyProgress;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that runs a sink, and the sink made of them. */
final class SinkOptions {
  private static final int LEAST_FILL_MEGABYTES = 1;
  private static final int MOST_FILL_MEGABYTES = (int) (Fold.MOST_BYTES >> 20);

  @Option(
      names = "--fill-memory",
      paramLabel = "MB",
      defaultValue = "64",
      description = "Memory that one partition's fill may take (64).",
      order = 70)
  private int fillMegabytes;

  @Mixin private final TopicOptions topic = new TopicOptions();

  /** Everything about a sink but what it does on the way. */
  record Checked(SinkSettings settings, int partitions, Map<String, Object> consumer) {
    /** Kafka's settings may hold passwords. */
    @Override
    public String toString() {
      return "Checked(" + settings + ", partitions " + partitions + ")";
    }

    /** The same settings, but a node that is too small is not filled at all. */
    Checked strict(boolean strictMemory) {
      return strictMemory ? new Checked(settings.strict(), partitions, consumer) : this;
    }

    /** For a topic that exists. */
    Sink sink(SinkEvents events) {
      return sink(events, NewTopicRule.ANY);
    }

    Sink sink(SinkEvents events, NewTopicRule newTopic) {
      return new Sink(
          settings,
          partitions,
          newTopic,
          RowSerdes.decoders(consumer, settings.topic()),
          events,
          Timing.SYSTEM);
    }

    Verification verification(List<NodeAddress> compared, VerifyProgress progress) {
      return new Verification(
          settings, compared, partitions, RowSerdes.decoders(consumer, settings.topic()), progress);
    }
  }

  /** Reads these options; with any problem, the answer is not to be used. */
  Checked check(
      CommonOptions common, CacheSettings cache, boolean changeSettings, Problems problems) {
    if (fillMegabytes < LEAST_FILL_MEGABYTES || fillMegabytes > MOST_FILL_MEGABYTES) {
      problems.add(
          "--fill-memory %d: give megabytes, %d to %d"
              .formatted(fillMegabytes, LEAST_FILL_MEGABYTES, MOST_FILL_MEGABYTES));
    }
    KafkaSettings kafka = common.kafka();
    SinkSettings settings =
        new SinkSettings(
            new SinkSettings.Kafka(kafka.admin(), kafka.consumer(), kafka.producer()),
            common.topic(),
            cache.group(),
            cache.layout(),
            changeSettings,
            false,
            (long) fillMegabytes << 20,
            ConnectionSettings.DEFAULT);
    return new Checked(settings, topic.partitions(problems), kafka.consumer());
  }
}
