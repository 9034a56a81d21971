package io.zonecast.app.demo;

import io.zonecast.app.command.Background;
import io.zonecast.app.command.CacheWait;
import io.zonecast.ingest.stream.NewUpdates;
import io.zonecast.ingest.stream.StreamSettings;
import io.zonecast.ingest.stream.UpdateSender;
import io.zonecast.ingest.stream.UpdateStream;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The demo's stream of updates: runs one beside the sink, and measures updates through both. */
final class DemoStream implements AutoCloseable {
  static final int PER_SECOND = 200;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration MEASURED = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final NewUpdates UPDATES = new NewUpdates("demo", Clock.systemUTC());
  private static final String FIRST = "5";
  private static final String SECOND = "6";

  private final DemoServers servers;
  private final UpdateStream stream;
  private final Background run;

  /** What was measured, in milliseconds. */
  record Delays(int updates, long p50, long p99) {}

  private DemoStream(DemoServers servers, UpdateStream stream) {
    this.servers = servers;
    this.stream = stream;
    this.run = Background.start("zonecast-stream", stream::run, stream::close);
  }

  /** Starts it, and waits until it takes updates. */
  static DemoStream start(DemoServers servers) throws InterruptedException, IOException {
    Map<String, Object> settings = new HashMap<>(servers.clientSettings());
    Path state = servers.sandbox.directory().resolve("stream");
    Map<String, Object> streams = new HashMap<>(settings);
    streams.put("state.dir", state.toString());
    StreamSettings plain =
        StreamSettings.of(settings, ZoneTopic.DEFAULT_NAME, ZoneTopic.DEFAULT_PARTITIONS);
    DemoStream started =
        new DemoStream(servers, new UpdateStream(plain.with(plain.kafka().withStreams(streams))));
    try {
      started.awaitReady();
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.close();
      throw e;
    }
    return started;
  }

  private void awaitReady() throws InterruptedException, IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!stream.status().ready()) {
      throwIfEnded();
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the stream of updates is not ready after " + PATIENCE.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /**
   * Sends updates of these keys in turn, at a steady rate, and looks for each in the cache until it
   * is there. The first one arrives once the stream has read the table back; a while later they
   * count: at first the code is interpreted.
   */
  Delays measure(List<String> keys) throws IOException, InterruptedException {
    long every = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
    List<Long> delays = new ArrayList<>();
    try (CacheWait watch = servers.watch();
        UpdateSender sender =
            UpdateSender.open(
                servers.admin,
                servers.clientSettings(),
                ZoneTopic.DEFAULT_NAME,
                ZoneTopic.DEFAULT_PARTITIONS)) {
      List<Asked> underWay = new ArrayList<>();
      int sent = 0;
      long due = System.nanoTime();
      boolean arriving = false;
      long from = due;
      long until = due;
      long deadline = due + PATIENCE.toNanos();
      while (!arriving
          || System.nanoTime() - until < 0
          || !underWay.isEmpty()
          || delays.isEmpty()) {
        throwIfEnded();
        long now = System.nanoTime();
        if (now - deadline > 0) {
          throw new IOException(
              "%d of %d updates did not reach the cache within %d s"
                  .formatted(underWay.size(), sent, PATIENCE.toSeconds()));
        }
        if (arriving && now - until >= 0 && underWay.isEmpty() && delays.isEmpty()) {
          // On a busy machine the first ones may take longer than all of that time: none was sent
          // in it, since each waits for the one before of its key.
          from = now;
          until = now + MEASURED.toNanos();
        }
        // A table of few rows has each update wait for the one before of its key.
        boolean sending = !arriving || now - until < 0;
        if (sending && now - due >= 0 && isFree(key(keys, sent), underWay)) {
          underWay.add(send(sender, keys, sent));
          sent++;
          due = Math.max(due, now - every) + every;
        }
        List<Asked> arrived = arrived(watch, underWay);
        underWay.removeAll(arrived);
        if (!arriving && !arrived.isEmpty()) {
          arriving = true;
          from = now + WARM_UP.toNanos();
          until = from + MEASURED.toNanos();
          deadline = until + PATIENCE.toNanos();
        }
        for (Asked each : arrived) {
          if (arriving && each.sentNanos - from >= 0) {
            delays.add(System.nanoTime() - each.sentNanos);
          }
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
      }
    }
    Collections.sort(delays);
    return new Delays(
        delays.size(),
        millis(delays.get((delays.size() - 1) / 2)),
        millis(delays.get((int) Math.ceil(delays.size() * 0.99) - 1)));
  }

  /** An update that was sent: what the cache is to show, and since when. */
  private record Asked(String key, String zone, long sentNanos) {}

  private static String key(List<String> keys, int number) {
    return keys.get(number % keys.size());
  }

  private static List<Asked> arrived(CacheWait watch, List<Asked> underWay) throws IOException {
    Set<String> keys =
        watch.arrived(
            underWay.stream()
                .collect(Collectors.toMap(Asked::key, each -> Optional.of(each.zone))));
    return underWay.stream().filter(each -> keys.contains(each.key)).toList();
  }

  private static boolean isFree(String key, List<Asked> underWay) {
    return underWay.stream().noneMatch(each -> each.key.equals(key));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what does not arrive is noticed in the cache
  private static Asked send(UpdateSender sender, List<String> keys, int number) {
    // Each key's zone goes there and back, so that every update is a change.
    String key = key(keys, number);
    String zone = number / keys.size() % 2 == 0 ? SECOND : FIRST;
    String[] parts = key.split(":", -1);
    ZoneUpdate update = UPDATES.upsert(parts[0], parts[1], parts[2], zone, null, null);
    long now = System.nanoTime();
    sender.send(update);
    return new Asked(key, zone, now);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private void throwIfEnded() {
    if (!run.isRunning()) {
      throw new IllegalStateException("the stream of updates ended");
    }
  }

  /** Ends it in good order, and waits for it. */
  @Override
  public void close() {
    run.close();
  }
}
