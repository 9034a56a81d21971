package io.zonecast.app.command;

import io.zonecast.app.logging.Logs;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.app.terminal.Version;
import io.zonecast.app.trust.ListenerProbe;
import io.zonecast.monitor.ListenAddress;
import io.zonecast.schemas.NewTopicRule;
import io.zonecast.sink.Sink;
import io.zonecast.sink.lag.PublishWatch;
import io.zonecast.sink.status.GroupMonitor;
import io.zonecast.sink.status.SinkFigures;
import io.zonecast.sink.status.SinkMonitor;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = "Keeps the cache equal to the topic, until it is stopped.",
    footer = {
      "",
      "Example:  zonecast sink --memcached cache1:11211,cache2:11211",
      "Logs to standard error, a line a change of state. Several share the partitions."
    })
public final class SinkCommand implements Callable<Integer> {
  private final Shutdown shutdown;

  @Mixin private final SinkOptions options = new SinkOptions();

  @Mixin private final CacheOptions cache = new CacheOptions();

  @Mixin private final NewTopicOption newTopic = new NewTopicOption();

  @Mixin private final CommonOptions common;

  @Option(
      names = "--change-settings",
      description = "Write with other settings than before.",
      order = 1)
  private boolean changeSettings;

  @Option(
      names = "--strict-memory",
      description = "Do not fill a node that is too small for its share.",
      order = 2)
  private boolean strictMemory;

  @Option(
      names = "--http",
      paramLabel = "H:P",
      defaultValue = "127.0.0.1:8080",
      description = "Where to show the status page, /metrics, /livez and /readyz, or none.",
      order = 3)
  private String http = "";

  public SinkCommand(CommonOptions common, Shutdown shutdown) {
    this.common = common;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Problems problems = new Problems();
    common.check(problems);
    CacheSettings settings = cache.read(common, problems);
    SinkOptions.Checked checked = options.check(common, settings, changeSettings, problems);
    Optional<ListenAddress> shown = HttpOption.check(http, problems);
    problems.throwIfAny();

    ListenerProbe.requireMatch(common.kafka(), common.fileName());
    Logs.ofService();
    NewTopicRule rule = newTopic.rule(LoggerFactory.getLogger(Sink.class)::info);
    if (shown.isEmpty()) {
      try (Sink sink = checked.strict(strictMemory).sink(new SilentEvents(), rule)) {
        return run(sink);
      }
    }
    Clock clock = Clock.systemUTC();
    SinkFigures figures = SinkMonitor.figures(checked.settings(), clock);
    try (Sink sink = checked.strict(strictMemory).sink(figures, rule);
        GroupLook group = new GroupLook(common, settings);
        SinkMonitor monitor =
            new SinkMonitor(
                shown.get(),
                sink,
                checked.settings(),
                figures,
                new GroupMonitor(() -> group.get().look(false), clock),
                new PublishWatch(group, clock),
                Version.number(),
                clock)) {
      HttpOption.listen(monitor::start);
      return run(sink);
    }
  }

  private int run(Sink sink) throws InterruptedException {
    shutdown.onSignal(sink::close);
    sink.run();
    return ExitCode.DONE;
  }
}
