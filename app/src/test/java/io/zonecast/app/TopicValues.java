package io.zonecast.app;

import static org.awaitility.Awaitility.await;

import io.zonecast.schemas.fixture.PlainTopic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/** A topic's values as bytes, which no class of ours has looked at. */
final class TopicValues {
  private TopicValues() {}

  /** The latest value of each key, once there are {@code keys} of them. */
  static Map<String, byte[]> read(String bootstrapServers, String topic, int keys) {
    PlainTopic plain = new PlainTopic(bootstrapServers, topic);
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(plain::values, values -> values.size() == keys);
  }

  static int schemaId(byte[] value) {
    return ByteBuffer.wrap(value).getInt(1);
  }
}
