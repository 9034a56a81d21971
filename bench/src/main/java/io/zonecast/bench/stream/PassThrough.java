package io.zonecast.bench.stream;

import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.sandbox.CommandProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The least that a topology can do, exactly once: from one topic to another, byte for byte, in a
 * process of its own as the stream has one, to compare the stream's rate with.
 */
final class PassThrough {
  static final String GROUP = "pass-through";

  private PassThrough() {}

  /** Starts the process, which commits as often as the stream does. */
  static CommandProcess start(BenchTopic topic, String from, String to, Path state) {
    return CommandProcess.startJava(
        PassThrough.class,
        List.of(),
        from,
        to,
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG + "=" + topic.bootstrapServers(),
        StreamsConfig.STATE_DIR_CONFIG + "=" + state,
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG + "=20",
        StreamsConfig.POLL_MS_CONFIG + "=5");
  }

  /** Copies from the first topic to the second; what follows are settings as {@code key=value}. */
  public static void main(String[] arguments) throws InterruptedException {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(arguments[0], Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .to(arguments[1], Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, GROUP);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    for (String setting : List.of(arguments).subList(2, arguments.length)) {
      int equals = setting.indexOf('=');
      properties.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    try (KafkaStreams streams = new KafkaStreams(builder.build(), properties)) {
      streams.start();
      // Until it is killed.
      new CountDownLatch(1).await();
    }
  }
}
