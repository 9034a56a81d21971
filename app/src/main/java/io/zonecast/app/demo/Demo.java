package io.zonecast.app.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.command.LagAnswer;
import io.zonecast.app.command.PhaseProgress;
import io.zonecast.app.command.PublishAnswer;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Figures;
import io.zonecast.app.terminal.ProgressDisplay;
import io.zonecast.ingest.publish.PublishOutcome;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.sample.SampleTable;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.RangeNames;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Sandbox;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.lag.LagDocument;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.NodeLag;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The whole story, a step a method, on servers of its own. Each step tells in one line what it did
 * and what came of it. Ends with its servers gone, however it ends.
 */
final class Demo {
  /** For a node to list its keys. */
  private static final Duration LISTING = Duration.ofMinutes(1);

  private static final int NODES = 2;
  private static final int LOOKED_UP = 3;

  /** As many keys as are updated before it is the first one's turn again. */
  private static final int UPDATED = 200;

  private final Console console;
  private final @Nullable Path file;
  private final Optional<DemoRegistry> registry;
  private final boolean keep;
  private final boolean json;
  private final PrintStream story;
  private final ObjectNode figures = JsonNodeFactory.instance.objectNode();
  private final long startNanos = System.nanoTime();
  private Duration took = Duration.ZERO;
  private int step;

  Demo(
      Console console,
      @Nullable Path file,
      Optional<DemoRegistry> registry,
      boolean keep,
      boolean json) {
    this.console = console;
    this.file = file;
    this.registry = registry;
    this.keep = keep;
    this.json = json;
    // Where the answer is a document, the story is only a message.
    this.story = json ? console.err() : console.out();
  }

  /** A row of the table: its key and its zone. */
  private record Row(String key, String zone) {}

  int run() throws Exception {
    registry.ifPresent(DemoRegistry::mustAnswer);
    if (file != null) {
      // A file that cannot be read is refused before anything starts.
      Edition.open(file, FileOptions.NONE);
    }
    try (DemoServers servers = startServers()) {
      TopicInfo topic = makeTopic(servers);
      Path table = table(servers);
      Edition zones = Edition.open(table, FileOptions.NONE);
      PublishOutcome outcome = publish(servers, zones);
      if (outcome instanceof PublishOutcome.Refused) {
        if (json) {
          console.answer(figures);
        }
        return ExitCode.ANSWER_IS_NO;
      }
      PublishReport published = outcome.report();
      if (registry.isPresent()) {
        prove(registry.get(), servers, topic);
      }
      try (DemoSink sink = DemoSink.start(servers)) {
        fill(servers, topic, sink);
        List<Row> rows = firstRows(zones, LOOKED_UP);
        lookUp(servers, rows);
        restartOneNode(servers, topic, sink);
        change(servers, rows.get(0));
        try (DemoStream stream = DemoStream.start(servers)) {
          stream(stream, zones);
          LagReport lag = lag(servers);
          summary(published, lag);
          if (keep) {
            stayUp(servers, sink, rows.get(0));
          }
        }
      }
    }
    story.println("That took " + Figures.time(took) + ". Nothing of it is left.");
    return ExitCode.DONE;
  }

  // --- the steps ---

  private DemoServers startServers() throws IOException {
    long start = System.nanoTime();
    DemoServers servers = new DemoServers(Sandbox.start(BrokerSettings.DEFAULT, NODES), registry);
    Duration time = since(start);
    figures.put("startSeconds", Figures.seconds(time));
    tell(
        "Started a Kafka broker at %s and memcached at %s in %s"
            .formatted(
                servers.bootstrap(),
                servers.nodes.stream().map(NodeAddress::toString).collect(Collectors.joining(", ")),
                Figures.time(time)));
    return servers;
  }

  private TopicInfo makeTopic(DemoServers servers) {
    TopicInfo topic =
        ZoneTopic.ensure(servers.admin, ZoneTopic.DEFAULT_NAME, ZoneTopic.DEFAULT_PARTITIONS);
    tell("Made the topic %s: compacted, %d partitions".formatted(topic.name(), topic.partitions()));
    return topic;
  }

  private Path table(DemoServers servers) throws IOException {
    if (file != null) {
      tell("Took the table of " + file);
      return file;
    }
    Path sample = servers.sandbox.directory().resolve("sample.csv");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(sample))) {
      new SampleTable().writeCsv(SampleTable.DEFAULT_ROWS, out);
    }
    tell(
        "Made a sample table: %s, %s"
            .formatted(
                Figures.count(SampleTable.DEFAULT_ROWS, "row", "rows"),
                Figures.bytes(Files.size(sample))));
    return sample;
  }

  private PublishOutcome publish(DemoServers servers, Edition zones) throws Exception {
    PublishOutcome outcome;
    try (PhaseProgress progress = new PhaseProgress(console)) {
      outcome = servers.publisher(progress).publish(zones);
    }
    PublishReport report = outcome.report();
    if (outcome instanceof PublishOutcome.Refused refused) {
      PublishAnswer answer = new PublishAnswer(report, refused.refusals());
      figures.set("publish", answer.json());
      answer.complain(console);
      tell("Published nothing of " + report.file());
      return outcome;
    }
    figures.set("publish", new PublishAnswer(report, List.of()).json());
    tell(
        "Published %s in one transaction in %s: %s"
            .formatted(
                Figures.count(report.counts().records(), "row", "rows"),
                Figures.time(report.elapsed()),
                Figures.rate(report.counts().records(), report.elapsed())));
    return outcome;
  }

  private void prove(DemoRegistry given, DemoServers servers, TopicInfo topic) throws IOException {
    DemoRegistry.Proof proof;
    try (Consumer<byte[], byte[]> reader = servers.kafka.reader(IsolationLevel.READ_COMMITTED)) {
      proof = given.prove(reader, topic);
    }
    figures.set("registry", proof.json());
    tell(
        "Asked the schema registry %s: subject %s has the schema as id %d, and bytes 1 to 4 of %s are %s"
            .formatted(
                given.shown(),
                proof.registered().subject(),
                proof.registered().id(),
                proof.key(),
                proof.idBytes()));
  }

  private void fill(DemoServers servers, TopicInfo topic, DemoSink sink)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<NodeLag> filled = awaitFilled(servers, topic, sink, "filling both nodes");
    Duration time = since(start);
    long rows = 0;
    for (NodeLag node : filled) {
      rows += rows(node);
    }
    figures
        .putObject("fill")
        .put("rows", rows)
        .put("seconds", Figures.seconds(time))
        .put("rowsPerSecond", perSecond(rows, time));
    tell(
        "Started a sink, which filled both nodes in %s: %s, %s"
            .formatted(
                Figures.time(time), Figures.count(rows, "row", "rows"), Figures.rate(rows, time)));
  }

  private void lookUp(DemoServers servers, List<Row> rows) throws IOException {
    List<String> said = new ArrayList<>();
    for (Row row : rows) {
      String zone = servers.get(row.key());
      if (!row.zone().equals(zone)) {
        throw new IllegalStateException(
            "the cache says %s for %s, the table %s; please report this"
                .formatted(zone, row.key(), row.zone()));
      }
      said.add(row.key() + " is " + zone);
    }
    tell("Looked zones up in the cache: " + String.join(", ", said));
  }

  private void restartOneNode(DemoServers servers, TopicInfo topic, DemoSink sink)
      throws IOException, InterruptedException {
    MemcachedServer node = servers.sandbox.memcached().get(NODES - 1);
    node.restartEmpty();
    long start = System.nanoTime();
    List<NodeLag> filled = awaitFilled(servers, topic, sink, "filling the restarted node");
    Duration time = since(start);
    long rows = rows(filled.get(NODES - 1));
    figures
        .putObject("refill")
        .put("node", node.address())
        .put("rows", rows)
        .put("seconds", Figures.seconds(time))
        .put("rowsPerSecond", perSecond(rows, time));
    tell(
        "Restarted %s empty: noticed, and full again after %s: %s"
            .formatted(node.address(), Figures.time(time), Figures.count(rows, "row", "rows")));
  }

  private void change(DemoServers servers, Row row) throws Exception {
    String zone = row.zone().equals("5") ? "6" : "5";
    String[] key = row.key().split(":", -1);
    Path changes = servers.sandbox.directory().resolve("changes.csv");
    Files.writeString(
        changes,
        "op,carrier,origin,destination,zone%nupsert,%s,%s,%s,%s%n"
            .formatted(key[0], key[1], key[2], zone));
    Edition delta =
        Edition.open(
            changes, new FileOptions(FileOptions.NONE.format(), FileOptions.NONE.carrier(), true));
    PublishReport report =
        servers.publisher(io.zonecast.ingest.StepProgress.NONE).publish(delta).report();
    long committed = System.nanoTime();
    servers.awaitZone(row.key(), zone);
    Duration time = since(committed);
    figures
        .putObject("change")
        .put("key", row.key())
        .put("before", row.zone())
        .put("after", zone)
        .put("publishSeconds", Figures.seconds(report.elapsed()))
        .put("visibleAfterSeconds", Figures.seconds(time));
    tell(
        "Published one change, %s from %s to %s, in %s: in the cache %s later"
            .formatted(
                row.key(), row.zone(), zone, Figures.time(report.elapsed()), Figures.time(time)));
  }

  private void stream(DemoStream stream, Edition zones) throws Exception {
    List<String> keys = firstRows(zones, UPDATED).stream().map(Row::key).toList();
    DemoStream.Delays delays = stream.measure(keys);
    figures
        .putObject("stream")
        .put("updates", delays.updates())
        .put("perSecond", DemoStream.PER_SECOND)
        .put("p50Millis", delays.p50())
        .put("p99Millis", delays.p99());
    tell(
        "Streamed %s at %d a second: in the cache after %d ms (p50), %d ms (p99)"
            .formatted(
                Figures.count(delays.updates(), "update", "updates"),
                DemoStream.PER_SECOND,
                delays.p50(),
                delays.p99()));
  }

  private LagReport lag(DemoServers servers) {
    LagReport report = servers.lag().look(false);
    figures.set("lag", LagDocument.of(report));
    tell("Asked how far behind the sink is: " + report.headline());
    return report;
  }

  private void summary(PublishReport published, LagReport lag) {
    Duration time = since(startNanos);
    took = time;
    figures.put("rows", published.counts().rows());
    figures.put("verdict", lag.verdict().name());
    figures.put("seconds", Figures.seconds(time));
    if (json) {
      console.answer(figures);
      return;
    }
    console.answer("");
    LagAnswer.print(lag, console);
    console.answer("");
  }

  private void stayUp(DemoServers servers, DemoSink sink, Row example) throws InterruptedException {
    String nodes =
        servers.nodes.stream().map(NodeAddress::toString).collect(Collectors.joining(","));
    console.say("");
    console.say("All of it stays up until Ctrl-C. Try, in another terminal:");
    console.say("  export ZONECAST_BOOTSTRAP_SERVERS=" + servers.bootstrap());
    console.say("  export ZONECAST_MEMCACHED=" + nodes);
    registry.ifPresent(
        given -> console.say("  export ZONECAST_SCHEMA_REGISTRY_URL=" + given.shown()));
    console.say("  ./zonecast lag --watch 2s");
    console.say("  ./zonecast get " + example.key().replace(':', ' '));
    console.say("  ./zonecast update " + example.key().replace(':', ' ') + " 9 --wait");
    console.say("  ./zonecast plan FILE");
    console.say("  ./zonecast publish FILE");
    console.say("  ./zonecast rebuild");
    console.say("  ./zonecast verify");
    console.say("Or look at the sink's status page: http://" + sink.page() + "/");
    // Until a signal ends the process, whose hook then takes the servers down.
    Thread.sleep(Long.MAX_VALUE);
  }

  // --- what they need ---

  private void tell(String line) {
    story.println(++step + ". " + line);
  }

  private List<NodeLag> awaitFilled(
      DemoServers servers, TopicInfo topic, DemoSink sink, String what)
      throws IOException, InterruptedException {
    try (ProgressDisplay progress = console.progress(what, "partitions of nodes")) {
      return servers.refill(topic, console).watch(progress, sink::isRunning);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static long perSecond(long number, Duration time) {
    return Math.round(number * 1e9 / Math.max(1, time.toNanos()));
  }

  /** The rows that a node has, by its own list of keys: its sink keeps notes there as well. */
  private static long rows(NodeLag node) throws IOException {
    return new KeyCrawler(
            NodeAddress.parse(node.node()),
            ConnectionSettings.DEFAULT,
            LISTING,
            DemoServers.KEY_PREFIX)
        .crawl((key, length) -> true);
  }

  private static List<Row> firstRows(Edition zones, int most) throws IOException {
    List<Row> rows = new ArrayList<>();
    RowChunk chunk = new RowChunk(1_000);
    try (RowReader reader = zones.read(bytes -> {}, RangeNames.NONE)) {
      while (rows.size() < most && reader.read(chunk)) {
        for (int row = 0; row < chunk.size() && rows.size() < most; row++) {
          if (chunk.kind(row) == RowChunk.Kind.UPSERT) {
            rows.add(new Row(chunk.keyText(row), chunk.zoneText(row)));
          }
        }
      }
    }
    return rows;
  }
}
