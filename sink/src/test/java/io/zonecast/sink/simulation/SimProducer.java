package io.zonecast.sink.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.sink.timing.SimProcess;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Writes the dead letters of one simulated topic. Whoever sends one waits for its answer. */
final class SimProducer {
  private static final Duration SOONEST = Duration.ofMillis(1);
  private static final Duration LATEST = Duration.ofMillis(20);

  private final World world;
  private final SimProcess process;
  private final SimTopic source;

  SimProducer(World world, SimProcess process, SimTopic source) {
    this.world = world;
    this.process = process;
    this.source = source;
  }

  @SuppressWarnings("unchecked")
  Producer<byte[], byte[]> asProducer() {
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            Producer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "send" -> send((ProducerRecord<byte[], byte[]>) arguments[0]);
                  case "close" -> null;
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> letter) {
    long nanos = world.scheduler().between(SOONEST, LATEST);
    if (!world.mutant().awaitsLetters()) {
      world.scheduler().after(nanos, process, () -> write(letter));
      return taken();
    }
    try {
      process.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return write(letter)
        ? taken()
        : CompletableFuture.failedFuture(new TimeoutException("no answer"));
  }

  private static Future<RecordMetadata> taken() {
    var place = new TopicPartition("letters", 0);
    return CompletableFuture.completedFuture(new RecordMetadata(place, 0, 0, 0, 0, 0));
  }

  private boolean write(ProducerRecord<byte[], byte[]> letter) {
    String record = new String(letter.value(), UTF_8);
    boolean taken = world.takesLetters();
    if (taken) {
      source.putAside(Long.parseLong(record.substring(record.lastIndexOf(':') + 1)));
    }
    world.trace().line("%s: letter %s is %s", process, record, taken ? "taken" : "refused");
    return taken;
  }
}
