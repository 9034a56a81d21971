package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A broker loses its last records, as when one that lagged behind becomes the leader, and takes
 * others at the same offsets.
 */
class CutOffLogIT {
  private static final String LOST = "usps:005:010";

  /** One of its own: it is made to read all of its logs again, which are many in the shared one. */
  private final KafkaBroker broker = Servers.shared().broker(BrokerSettings.DEFAULT);

  private final Stage stage = new Stage(new TestTopic(broker.bootstrapServers(), 1), 1);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void close() {
    stage.close();
    broker.close();
  }

  @Test
  void whatALogLostIsReplacedByWhatItTookInsteadInARunningSinkAndAfterARestart() throws Exception {
    topic.setMany(200, "2");
    try (var sink = stage.start()) {
      topic.set(LOST, "7");
      stage.awaitEqual(sink);

      loseTheLastBatch();
      takeOthersAtTheSameOffsets("8");

      stage.awaitEqual(sink);
      assertThat(stage.raw(0).get(RunningSink.PREFIX + LOST)).isEmpty();
      topic.set(LOST, "7");
      stage.awaitEqual(sink);
    }

    loseTheLastBatch();
    takeOthersAtTheSameOffsets("9");

    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
      assertThat(stage.raw(0).get(RunningSink.PREFIX + LOST)).isEmpty();
    }
  }

  private void takeOthersAtTheSameOffsets(String zone) {
    topic.set("usps:000:001", zone);
    topic.set("usps:000:002", zone);
    topic.set("usps:000:003", zone);
  }

  private void loseTheLastBatch() throws IOException {
    assumeThat(broker.dataDirectory()).as("the broker's files").isPresent();
    broker.kill();
    Path data = broker.dataDirectory().orElseThrow();
    Path log = data.resolve(topic.name() + "-0");
    try (FileChannel segment =
        FileChannel.open(
            log.resolve("00000000000000000000.log"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      segment.truncate(startOfTheLastBatch(segment));
    }
    // So that the broker looks at the whole log, and believes no file that says more.
    Files.delete(data.resolve("recovery-point-offset-checkpoint"));
    topic.forget(LOST);
    broker.restart();
  }

  /** A batch begins with its first offset, in 8 bytes, and the length of the rest, in 4. */
  private static long startOfTheLastBatch(FileChannel segment) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(4);
    long last = 0;
    for (long at = 0; at < segment.size(); at += 12 + length.getInt(0)) {
      last = at;
      segment.read(length.clear(), at + 8);
    }
    return last;
  }
}
